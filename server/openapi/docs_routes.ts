import { createHash } from "node:crypto";
import { createOpenApiDocument } from "./document.ts";
import type { Route } from "../http/route.ts";

/** The part of the content policy that all pages share: everything comes from this server. */
const SHARED_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "script-src 'self'",
];

const SWAGGER_POLICY = [...SHARED_POLICY, "style-src 'self'"].join("; ");

/**
 * ReDoc fills empty style elements by script. The first hash, of the empty text, allows these
 * elements and no inline style with content. The second is the hash of the scroll bar rules in
 * redoc 2.5.4; after an upgrade that changes them, the browser's console names the new hash. The
 * search runs in a worker that is created from a blob.
 */
const REDOC_POLICY = [
  ...SHARED_POLICY,
  "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' " +
  "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
  "worker-src blob:",
].join("; ");

/**
 * The logo next to ReDoc's name, its only request to another host. ReDoc hides an image that fails
 * to load.
 */
const REDOC_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#fc4c02"/>
<path d="M5 21l6-10 5 7 4-6 7 9" fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/>
</svg>
`;

function renderSwaggerPage(basePath: string): string {
  return toPage("Paceline: try the API", {
    basePath,
    head: `<link rel="stylesheet" href="${basePath}/docs/swagger-ui.css">
<script src="${basePath}/docs/swagger-ui-bundle.js" defer></script>
<script src="${basePath}/docs/start.js" defer></script>`,
    body: `<div id="swagger-ui"></div>`,
  });
}

/**
 * Returns the configuration of Swagger UI, without the validator: it would send the document's URL to
 * a server of Swagger.
 */
function renderSwaggerStart(basePath: string): string {
  return `SwaggerUIBundle({
  url: "${basePath}/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
`;
}

function renderRedocPage(basePath: string): string {
  return toPage("Paceline: the API", {
    basePath,
    head: `<link rel="stylesheet" href="${basePath}/redoc/page.css">
<script src="${basePath}/redoc/redoc.standalone.js" defer></script>`,
    body:
      `<redoc spec-url="${basePath}/openapi.json" native-scrollbars sort-required-props-first="false"></redoc>`,
  });
}

const REDOC_STYLE = "body { margin: 0; padding: 0; }\n";

/**
 * Creates the routes of the document and of the pages that show it. This server serves all files,
 * so that the pages work offline.
 */
export function createDocsRoutes(
  { basePath }: { basePath: string },
): Route[] {
  const document = JSON.stringify(createOpenApiDocument({ basePath }));
  const swaggerPage = renderSwaggerPage(basePath);
  const swaggerStart = renderSwaggerStart(basePath);
  const redocPage = renderRedocPage(basePath);
  return [
    serveText("/openapi.json", "application/json", () => document),
    serveText("/docs", "text/html", () => swaggerPage, SWAGGER_POLICY),
    serveText("/docs/start.js", "text/javascript", () => swaggerStart),
    serveText("/docs/icon.svg", "image/svg+xml", () => ICON),
    serveText("/docs/swagger-ui.css", "text/css", async () => {
      const file = await import("swagger-ui-dist/swagger-ui.css", {
        with: { type: "text" },
      });
      return file.default;
    }),
    serveText("/docs/swagger-ui-bundle.js", "text/javascript", async () => {
      const file = await import("swagger-ui-dist/swagger-ui-bundle.js", {
        with: { type: "text" },
      });
      return file.default;
    }),
    serveText("/redoc", "text/html", () => redocPage, REDOC_POLICY),
    serveText("/redoc/page.css", "text/css", () => REDOC_STYLE),
    serveText("/redoc/redoc.standalone.js", "text/javascript", async () => {
      const file = await import("redoc/bundles/redoc.standalone.js", {
        with: { type: "text" },
      });
      return file.default.replaceAll(REDOC_LOGO, "data:,");
    }),
  ];
}

/** A compressed text and its entity tag. */
interface Content {
  gzip: Uint8Array<ArrayBuffer>;
  etag: string;
}

/**
 * Creates a route for a text that never changes. The text is read on the first request; after
 * that, clients revalidate it by its tag.
 */
function serveText(
  path: string,
  type: string,
  readText: () => string | Promise<string>,
  policy?: string,
): Route {
  let content: Promise<Content> | undefined;
  return {
    method: "GET",
    path,
    handle: async ({ headers: asked }) => {
      content ??= readContent(readText);
      const { gzip, etag } = await content;
      const headers = new Headers({
        etag,
        "cache-control": "no-cache",
        "vary": "accept-encoding",
      });
      if (policy) headers.set("content-security-policy", policy);
      if (matches(asked.get("if-none-match"), etag)) {
        return new Response(null, { status: 304, headers });
      }
      headers.set("content-type", toContentType(type));
      if (!/\bgzip\b(?!\s*;\s*q=0)/.test(asked.get("accept-encoding") ?? "")) {
        return new Response(decompress(gzip), { headers });
      }
      headers.set("content-encoding", "gzip");
      return new Response(gzip, { headers });
    },
  };
}

async function readContent(
  readText: () => string | Promise<string>,
): Promise<Content> {
  const text = await readText();
  const hash = createHash("sha256").update(text).digest("base64url");
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  const gzip = new Uint8Array(await new Response(stream).arrayBuffer());
  return { gzip, etag: `W/"${hash}"` };
}

function decompress(gzip: Uint8Array<ArrayBuffer>): ReadableStream {
  return new Blob([gzip]).stream().pipeThrough(
    new DecompressionStream("gzip"),
  );
}

/** Reports whether `If-None-Match` names the tag. */
function matches(header: string | null, etag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim());
  return tags.includes(etag) || tags.includes("*");
}

/**
 * Returns the content type with its character set. JSON is always UTF-8; other types must say so.
 */
function toContentType(type: string): string {
  return type === "application/json" ? type : `${type}; charset=utf-8`;
}

/** Renders a page with the icon. `head` and `body` are HTML. */
export function toPage(
  title: string,
  { head, body, basePath }: { head: string; body: string; basePath: string },
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="${basePath}/docs/icon.svg" type="image/svg+xml">
${head}
</head>
<body>
${body}
</body>
</html>
`;
}
