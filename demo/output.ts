/** The standard output. Its reader may end before us, as in `deno task demo | head`. */
export interface Output {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
  /** Resolves when the reader has ended. Nothing is written from then on. */
  closed: Promise<void>;
}

export function createOutput(
  stream: Pick<Output, "writeSync" | "isTerminal"> = Deno.stdout,
): Output {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  let isClosed = false;
  return {
    isTerminal: () => stream.isTerminal(),
    closed,
    writeSync(bytes) {
      for (let rest = bytes; rest.length > 0 && !isClosed;) {
        try {
          rest = rest.subarray(stream.writeSync(rest));
        } catch (error) {
          if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
          isClosed = true;
          resolve();
        }
      }
      return bytes.length;
    },
  };
}
