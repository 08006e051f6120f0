import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const SDK = fileURLToPath(new URL("../sdk/", import.meta.url));
const MAIN = fileURLToPath(new URL("src/main.tsx", import.meta.url));

/** The server that `deno task web:dev` sends API requests to. */
const API = "http://localhost:5001";

/** Resolves the packages that the SDK imports as if the app imported them: `sdk/` has no `node_modules`. */
const sdkPackages: Plugin = {
  name: "sdk-packages",
  enforce: "pre",
  async resolveId(source, importer) {
    if (!importer?.startsWith(SDK) || source.startsWith(".")) return null;
    return await this.resolve(source, MAIN, { skipSelf: true });
  },
};

export default defineConfig({
  // Relative to the page's <base>, which the server writes: the app works under any path.
  base: "./",
  plugins: [sdkPackages, react()],
  resolve: {
    alias: [
      { find: /^@paceline\/sdk$/, replacement: `${SDK}mod.ts` },
      { find: /^@paceline\/sdk\/(\w+)$/, replacement: `${SDK}$1.ts` },
    ],
  },
  build: {
    target: "es2023",
    // The content policy forbids data: in scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1100,
  },
  server: {
    host: "127.0.0.1",
    fs: { allow: ["..", SDK] },
    proxy: Object.fromEntries(
      ["/api", "/trpc", "/strava", "/docs", "/redoc", "/openapi.json"].map(
        (path) => [path, { target: API, changeOrigin: false }],
      ),
    ),
  },
});
