import { serveForDevelopment } from "./build.ts";

// Serves the web app with hot reload: `deno task web:dev`.
Deno.exit(await serveForDevelopment());
