/** Bytes after which garbage is collected. */
const EVERY_BYTES = 16 * 1024 * 1024;

/**
 * Returns a function to call with the length of each piece of a long stream. It collects young objects
 * every 16 MB: V8 counts the buffers of a stream late, and the process would grow by hundreds of
 * megabytes. V8 has the function by `--expose-gc`.
 */
export function createYoungCollector(): (bytes: number) => void {
  const { gc } = globalThis as { gc?: (options: { type: "minor" }) => void };
  let left = EVERY_BYTES;
  return (bytes) => {
    left -= bytes;
    if (left > 0) return;
    left = EVERY_BYTES;
    gc?.({ type: "minor" });
  };
}
