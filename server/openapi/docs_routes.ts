import { createHash } from "node:crypto";
import { createOpenApiDocument } from "./document.ts";
import type { Route } from "../http/route.ts";

/** What a policy of any page begins with: all from here, nothing from elsewhere. */
const FROM_HERE = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "script-src 'self'",
];

const SWAGGER_POLICY = [...FROM_HERE, "style-src 'self'"].join("; ");

/**
 * ReDoc writes its rules by script into empty style elements: the first hash, of the empty text,
 * allows these and no inline style that says anything. The second is of the rules that redoc 2.5.4
 * has for scroll bars; the browser's console names the new one, should an upgrade change them.
 * The search runs in a worker made from a blob.
 */
const REDOC_POLICY = [
  ...FROM_HERE,
  "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' " +
  "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
  "worker-src blob:",
].join("; ");

/** ReDoc's only address elsewhere, the logo beside its name; it hides an image that fails. */
const REDOC_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#fc4c02"/>
<path d="M5 21l6-10 5 7 4-6 7 9" fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/>
</svg>
`;

const SWAGGER_PAGE = toPage(
  "Paceline: try the API",
  `<link rel="stylesheet" href="/docs/swagger-ui.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/start.js" defer></script>`,
  `<div id="swagger-ui"></div>`,
);

/** No validator: it would send the document's address to a server of Swagger's. */
const SWAGGER_START = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
`;

const REDOC_PAGE = toPage(
  "Paceline: the API",
  `<link rel="stylesheet" href="/redoc/page.css">
<script src="/redoc/redoc.standalone.js" defer></script>`,
  `<redoc spec-url="/openapi.json" native-scrollbars sort-required-props-first="false"></redoc>`,
);

const REDOC_STYLE = "body { margin: 0; padding: 0; }\n";

/** The document, and the pages that show it. All of it is served from here, to be read offline. */
export function createDocsRoutes(): Route[] {
  const document = JSON.stringify(createOpenApiDocument());
  return [
    serveText("/openapi.json", "application/json", () => document),
    serveText("/docs", "text/html", () => SWAGGER_PAGE, SWAGGER_POLICY),
    serveText("/docs/start.js", "text/javascript", () => SWAGGER_START),
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
    serveText("/redoc", "text/html", () => REDOC_PAGE, REDOC_POLICY),
    serveText("/redoc/page.css", "text/css", () => REDOC_STYLE),
    serveText("/redoc/redoc.standalone.js", "text/javascript", async () => {
      const file = await import("redoc/bundles/redoc.standalone.js", {
        with: { type: "text" },
      });
      return file.default.replaceAll(REDOC_LOGO, "data:,");
    }),
  ];
}

/** A text, compressed, and its tag. */
interface Content {
  gzip: Uint8Array<ArrayBuffer>;
  etag: string;
}

/** A route for a text that never changes: read when first asked for, then asked again by its tag. */
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

/** Whether `If-None-Match` names the tag. */
function matches(header: string | null, etag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim());
  return tags.includes(etag) || tags.includes("*");
}

/** JSON is UTF-8 by itself; all else has to say so. */
function toContentType(type: string): string {
  return type === "application/json" ? type : `${type}; charset=utf-8`;
}

/** A page's frame, with the icon; `head` and `body` are HTML. */
export function toPage(title: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/docs/icon.svg" type="image/svg+xml">
${head}
</head>
<body>
${body}
</body>
</html>
`;
}
