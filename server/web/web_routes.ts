import { createHash } from "node:crypto";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { BuiltFile } from "./built_app.ts";
import type { Route } from "../http/route.ts";
import type { WebApp } from "./web_app.ts";

/**
 * The content policy of the app: everything comes from this server, and nothing is inline. Only the
 * app's policy of trusted types creates addresses of scripts.
 */
const POLICY = [
  "default-src 'none'",
  "base-uri 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src 'self' blob: data:",
  "manifest-src 'self'",
  "require-trusted-types-for 'script'",
  "script-src 'self'",
  "style-src 'self'",
  "trusted-types default",
  "worker-src 'self'",
].join("; ");

/** Seconds that browsers may keep a file whose name changes with its content: a year. */
const IMMUTABLE = "public, max-age=31536000, immutable";
/** Browsers ask each time, and mostly hear that nothing has changed. */
const REVALIDATED = "no-cache";

type Encoding = "br" | "gzip";

/** A body in one encoding. */
type Read = (encoding: Encoding | undefined) => Uint8Array<ArrayBuffer>;

interface Served {
  type: string;
  /** The entity tag, without its quotes. */
  hash: string;
  isImmutable: boolean;
  isCompressed: boolean;
  read: Read;
}

/** Replaces the token of a shared page's path, for the log. With it, everyone can see the athlete. */
export function hideShareToken(path: string): string {
  return path.replace(/(\/shared\/)[^/?]+/, "$1***");
}

/** Creates the routes of the web app's pages and files. */
export function createWebRoutes(
  app: WebApp,
  { basePath }: { basePath: string },
): Route[] {
  const page = createPage(app, basePath);
  const files = app.files.filter(({ path }) => path !== "index.html");
  return [
    ...app.pages.map((path): Route => ({
      method: "GET",
      path,
      cost: 0,
      handle: (request) =>
        send(request, page, { "content-security-policy": POLICY }),
    })),
    ...files.map((file): Route => ({
      method: "GET",
      path: `/${file.path}`,
      cost: 0,
      handle: (request) => send(request, toServed(app, file), {}),
    })),
  ];
}

/** Returns the page of all paths: `index.html`, whose relative addresses start from the base path. */
function createPage({ index }: WebApp, basePath: string): Served {
  const text = index.replace(`<base href="/">`, `<base href="${basePath}/">`);
  const plain = new TextEncoder().encode(text);
  const bodies = {
    br: Uint8Array.from(brotliCompressSync(plain)),
    gzip: Uint8Array.from(gzipSync(plain)),
  };
  return {
    type: "text/html; charset=utf-8",
    hash: createHash("sha256").update(plain).digest("base64url").slice(0, 22),
    isImmutable: false,
    isCompressed: true,
    read: (encoding) => encoding ? bodies[encoding] : plain,
  };
}

function toServed(app: WebApp, file: BuiltFile): Served {
  const endings = { br: ".br", gzip: ".gz" };
  return {
    ...file,
    read: (encoding) =>
      app.read(file.path + (encoding ? endings[encoding] : "")),
  };
}

function send(
  { headers: asked }: Request,
  { type, hash, isImmutable, isCompressed, read }: Served,
  more: Record<string, string>,
): Response {
  const encoding = isCompressed
    ? chooseEncoding(asked.get("accept-encoding") ?? "")
    : undefined;
  // Each encoding is a different sequence of bytes, so each has its own tag.
  const etag = `"${hash}${encoding ? `-${encoding}` : ""}"`;
  const headers = new Headers({
    ...more,
    etag,
    "cache-control": isImmutable ? IMMUTABLE : REVALIDATED,
  });
  if (isCompressed) headers.set("vary", "accept-encoding");
  const tags = (asked.get("if-none-match") ?? "").split(",").map((tag) =>
    tag.trim().replace(/^W\//, "")
  );
  if (tags.includes(etag) || tags.includes("*")) {
    return new Response(null, { status: 304, headers });
  }
  headers.set("content-type", type);
  if (encoding) headers.set("content-encoding", encoding);
  return new Response(read(encoding), { headers });
}

/** Returns the smallest encoding that the client accepts. */
function chooseEncoding(accepted: string): Encoding | undefined {
  const isAccepted = (name: string): boolean =>
    new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`).test(accepted);
  if (isAccepted("br")) return "br";
  return isAccepted("gzip") ? "gzip" : undefined;
}
