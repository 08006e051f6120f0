import type { UploadBody } from "./upload.ts";
import type { Fetch } from "./transport.ts";

/** The part of `XMLHttpRequest` that is used. Other platforms do not have it. */
interface BrowserRequest {
  upload: { onprogress: ((event: { loaded: number }) => void) | null };
  onloadend: (() => void) | null;
  withCredentials: boolean;
  readonly response: string;
  readonly status: number;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getResponseHeader(name: string): string | null;
  send(body: unknown): void;
  abort(): void;
}

/**
 * Sends a body, and reports the bytes that were sent as far as the platform knows them. Browsers use
 * `XMLHttpRequest`: their `fetch` does not tell how much was sent.
 */
export async function sendWithProgress(
  url: string,
  { init, body, fetch, report }: {
    init: RequestInit;
    body: UploadBody;
    fetch: Fetch | undefined;
    report: (sent: number) => void;
  },
): Promise<Response> {
  const { XMLHttpRequest: Request } = globalThis as {
    XMLHttpRequest?: new () => BrowserRequest;
  };
  if (!Request || fetch || body instanceof ReadableStream) {
    let sent = 0;
    const counter = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        controller.enqueue(piece);
        report(sent += piece.length);
      },
    });
    return await (fetch ?? globalThis.fetch)(url, {
      ...init,
      // Browsers stream bodies only over HTTP/2, and do not all do so.
      body: Request ? body : new Response(body).body!.pipeThrough(counter),
      // Required for a body that is a stream, but not in all types.
      duplex: "half",
    } as RequestInit);
  }
  const { credentials, headers, signal } = init;
  const request = new Request();
  request.open("POST", url);
  request.withCredentials = credentials === "include";
  for (const header of Object.entries(headers!)) {
    request.setRequestHeader(...header);
  }
  request.upload.onprogress = ({ loaded }) => report(loaded);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", () => request.abort(), { once: true });
  await new Promise<void>((resolve) => {
    request.onloadend = resolve;
    request.send(body);
  });
  signal?.throwIfAborted();
  // The connection failed.
  if (!request.status) throw new Error();
  return new Response(request.response, {
    status: request.status,
    headers: { "retry-after": request.getResponseHeader("retry-after") ?? "" },
  });
}
