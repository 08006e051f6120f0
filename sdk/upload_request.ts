import type { UploadBody } from "./upload.ts";
import type { Fetch } from "./transport.ts";

/** The part of `XMLHttpRequest` that is used. Other platforms do not have it. */
interface BrowserRequest {
  upload: { onprogress: ((event: { loaded: number }) => void) | null };
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  withCredentials: boolean;
  responseType: string;
  readonly response: string;
  readonly status: number;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getAllResponseHeaders(): string;
  send(body: unknown): void;
  abort(): void;
}

/** Sends a body, and reports the bytes that were sent as far as the platform knows them. */
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
  const isBrowser = Request !== undefined;
  if (isBrowser && !fetch && !(body instanceof ReadableStream)) {
    return await sendInBrowser(new Request(), { url, init, body, report });
  }
  const call = fetch ?? globalThis.fetch;
  // Browsers stream bodies only over HTTP/2, and do not all do so.
  if (isBrowser) return await call(url, { ...init, body });
  const stream = count(toStream(body), report);
  // Required for a body that is a stream, but not in all types.
  return await call(
    url,
    { ...init, body: stream, duplex: "half" } as RequestInit,
  );
}

function toStream(body: UploadBody): ReadableStream<Uint8Array> {
  if (body instanceof ReadableStream) return body;
  const blob = body instanceof Blob ? body : new Blob([body]);
  return blob.stream();
}

/** Passes bytes on and reports how many there were. */
function count(
  stream: ReadableStream<Uint8Array>,
  report: (sent: number) => void,
): ReadableStream<Uint8Array> {
  let sent = 0;
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        controller.enqueue(piece);
        sent += piece.length;
        report(sent);
      },
    }),
  );
}

/** Sends a body with `XMLHttpRequest`: `fetch` does not tell browsers how much was sent. */
async function sendInBrowser(
  request: BrowserRequest,
  { url, init: { headers, credentials, signal }, body, report }: {
    url: string;
    init: RequestInit;
    body: UploadBody;
    report: (sent: number) => void;
  },
): Promise<Response> {
  const abort = (): void => request.abort();
  request.open("POST", url);
  request.responseType = "text";
  request.withCredentials = credentials === "include";
  for (const [name, value] of Object.entries(headers ?? {})) {
    request.setRequestHeader(name, value);
  }
  request.upload.onprogress = ({ loaded }) => report(loaded);
  const done = new Promise<void>((resolve, reject) => {
    request.onload = () => resolve();
    request.onerror = () => reject(new TypeError("The request failed"));
    request.onabort = () => reject(signal?.reason);
  });
  signal?.addEventListener("abort", abort);
  try {
    signal?.throwIfAborted();
    request.send(body);
    await done;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  const lines = request.getAllResponseHeaders().trim().split(/\r?\n/);
  return new Response(request.response, {
    status: request.status,
    headers: lines.filter((line) => line.includes(":")).map((
      line,
    ): [string, string] => {
      const at = line.indexOf(":");
      return [line.slice(0, at), line.slice(at + 1).trim()];
    }),
  });
}
