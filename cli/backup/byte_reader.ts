/** A source that is read in lines, in fixed lengths, or as it comes. */
export interface ByteReader {
  /** Returns the next line without its end; `undefined` if it is longer than `max` bytes or incomplete. */
  readLine(max: number): Promise<string | undefined>;
  /** Returns the next `length` bytes; `undefined` if there are fewer. */
  read(length: number): Promise<Uint8Array | undefined>;
  /** Returns the next bytes, at least one; `undefined` at the end. */
  readSome(): Promise<Uint8Array | undefined>;
}

/** Creates a reader of chunks of bytes. */
export function createByteReader(
  source: AsyncIterable<Uint8Array>,
): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();

  async function pull(): Promise<Uint8Array | undefined> {
    for (;;) {
      const { done, value } = await iterator.next();
      if (done) return undefined;
      if (value.length > 0) return value;
    }
  }

  return {
    async readLine(max) {
      for (;;) {
        const end = rest.indexOf(10);
        if (end > max || (end < 0 && rest.length > max)) return undefined;
        if (end >= 0) {
          const line = new TextDecoder().decode(rest.subarray(0, end));
          rest = rest.subarray(end + 1);
          return line;
        }
        const chunk = await pull();
        if (!chunk) return undefined;
        rest = concat([rest, chunk]);
      }
    },
    async read(length) {
      const chunks = [rest];
      let size = rest.length;
      while (size < length) {
        const chunk = await pull();
        if (!chunk) return undefined;
        chunks.push(chunk);
        size += chunk.length;
      }
      const bytes = concat(chunks);
      rest = bytes.subarray(length);
      return bytes.subarray(0, length);
    },
    async readSome() {
      if (rest.length === 0) return await pull();
      const bytes = rest;
      rest = new Uint8Array();
      return bytes;
    },
  };
}

/** Joins chunks of bytes. */
export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const size = chunks.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
