import type { AthleteRef } from "./athlete.ts";
import type { Import } from "./contract.gen.ts";
import { type Fetch, send } from "./transport.ts";
import { sendWithProgress } from "./upload_request.ts";

/** A file to upload. A stream can be sent only once, so it is not sent again after a failure. */
export type UploadBody =
  | Blob
  | Uint8Array<ArrayBuffer>
  | ReadableStream<Uint8Array>;

/** The progress of an upload. */
export interface UploadProgress {
  /** Bytes that were sent. In browsers without progress of requests, 0 until all are. */
  sent: number;
  /** Bytes of the file; null for a stream. */
  total: number | null;
  /** The import, once the file has arrived: the numbers of its files by result. */
  import: Import | null;
}

/** The options of an upload. */
export interface UploadOptions {
  /** Name of the file. Defaults to that of a `File`. */
  name?: string | undefined;
  /** The athlete by id. Defaults to the client's, or the caller's own. */
  athlete?: AthleteRef | undefined;
  /** Visibility of the activities. Defaults to `only_me`. */
  visibility?: "everyone" | "followers_only" | "only_me" | undefined;
  /** IANA zone of recordings that do not tell theirs. Defaults to the zone of this machine. */
  timeZone?: string | undefined;
  /** Called with each part that was sent, and then with each change of the import. */
  onProgress?: ((progress: UploadProgress) => void) | undefined;
  /** Ends the upload, or the wait for its files. The server imports those that it has. */
  signal?: AbortSignal | undefined;
}

/** The part of `api.imports` that is not a procedure. */
export interface Uploads {
  imports: {
    /**
     * Sends a FIT, GPX or TCX file, an archive of them, or Strava's bulk export, and waits until its
     * files are read. Returns the import with their numbers; `imports.get` has the reasons of refused
     * ones. If it fails, call it again with the same file: what is there is skipped.
     *
     * @example
     * ```ts
     * import { createClient } from "@paceline/sdk";
     *
     * const api = createClient({ url: "http://localhost:5001", session: true });
     * const importFile = (file: File) =>
     *   api.imports.upload(file, {
     *     onProgress: ({ sent, total, import: job }) =>
     *       console.log(job ? `${job.waiting} files to read` : `${sent} of ${total} bytes`),
     *   });
     * ```
     */
    upload(file: UploadBody, options?: UploadOptions): Promise<Import>;
  };
}

/** One attempt to send a file. */
export interface UploadAttempt extends UploadOptions {
  /** Bytes of the file; null for a stream. */
  total: number | null;
  /** The URL of the procedures, which ends in `/trpc`. */
  url: string;
  headers: Record<string, string>;
  /** The client's own function for requests, if it has one. */
  fetch: Fetch | undefined;
  credentials: "include" | "omit" | undefined;
}

/** Sends a file and returns the id of its import. */
export async function sendFile(
  file: UploadBody,
  { url, headers, fetch, credentials, onProgress, signal, ...options }:
    UploadAttempt,
): Promise<number> {
  const query = new URLSearchParams();
  const parameters = {
    name: options.name ?? (file as Partial<File>).name,
    athlete: options.athlete,
    visibility: options.visibility,
    time_zone: options.timeZone ??
      Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  for (const [key, value] of Object.entries(parameters)) {
    if (value) query.set(key, String(value));
  }
  const init = {
    method: "POST",
    headers,
    credentials,
    signal,
  } as RequestInit;
  const report = (sent: number): void =>
    onProgress?.({ sent, total: options.total, import: null });
  const response = await send(
    (address, init) =>
      sendWithProgress(address, { init, body: file, fetch, report }),
    `${url.slice(0, -4)}api/imports?${query}`,
    init,
  );
  const { id } = await response.json() as Import;
  return id;
}
