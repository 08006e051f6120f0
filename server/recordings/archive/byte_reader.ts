/** Reads a stream of bytes piece by piece and keeps no more than the current piece. */
export class ByteReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #buffer = new Uint8Array(0);
  #isAtEnd = false;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** Returns the bytes that are already here, without taking them. */
  get buffered(): Uint8Array {
    return this.#buffer;
  }

  /** Waits until `count` bytes are buffered. Returns false if the stream ends before. */
  async fill(count: number): Promise<boolean> {
    while (this.#buffer.length < count) {
      const chunk = await this.#next();
      if (!chunk) return false;
      this.#buffer = this.#buffer.length === 0
        ? chunk
        : concat([this.#buffer, chunk]);
    }
    return true;
  }

  /** Removes buffered bytes and returns them. */
  takeBuffered(count = this.#buffer.length): Uint8Array {
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return taken;
  }

  /** Returns the next `count` bytes; fewer if the stream ends before. For small counts. */
  async take(count: number): Promise<Uint8Array> {
    await this.fill(count);
    return this.takeBuffered(count);
  }

  /** Passes the next `count` bytes on in pieces. Returns false if the stream ends before. */
  async pass(
    count: number,
    onPiece: (piece: Uint8Array) => void = () => {},
  ): Promise<boolean> {
    let left = count;
    while (left > 0) {
      if (!await this.fill(1)) return false;
      const piece = this.takeBuffered(Math.min(left, this.#buffer.length));
      left -= piece.length;
      onPiece(piece);
    }
    return true;
  }

  /** Ends the reading before the end of the stream. */
  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }

  async #next(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    while (!this.#isAtEnd) {
      const { done, value } = await this.#reader.read();
      if (done) this.#isAtEnd = true;
      else if (value.length > 0) return value as Uint8Array<ArrayBuffer>;
    }
    return undefined;
  }
}

/** Joins pieces of bytes. */
export function concat(
  pieces: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(
    pieces.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
