import { parseEntry } from "./parse_entry.ts";
import type { ParseRequest, ReaderInput, ReaderOutput } from "./messages.ts";
import { readUpload } from "./read_upload.ts";
import type { UploadLink } from "./upload_stream.ts";

// The worker that reads uploads and parses files, so that neither keeps requests waiting. It has no
// permissions: it gets bytes and gives back what it has read.

/** The thread that started this worker. */
interface Parent {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(
    type: "message",
    listener: (event: MessageEvent<ParseRequest | ReaderInput>) => void,
  ): void;
}

const parent = globalThis as unknown as Parent;

/** The upload that this worker reads. A worker reads at most one. */
let input: ((message: ReaderInput) => void) | undefined;

parent.addEventListener("message", ({ data }) => {
  if (data.kind === "parse") {
    void parseEntry(data).then(({ answer, transfer }) =>
      parent.postMessage(answer, transfer)
    );
  } else if (data.kind === "read") {
    void readUpload(openLink(), data);
  } else input?.(data);
});

/** Opens the way between this worker and the thread that receives the upload. */
function openLink(): UploadLink {
  let next = Promise.withResolvers<ReaderInput>();
  input = (message) => next.resolve(message);
  return {
    async ask(output: ReaderOutput, transfer = []) {
      next = Promise.withResolvers();
      parent.postMessage(output, transfer);
      return await next.promise;
    },
    send: (output) => parent.postMessage(output),
  };
}
