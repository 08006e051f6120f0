import assert from "node:assert/strict";
import {
  ChunksTooSmall,
  LEAST_READ_BYTES,
  openUploadBody,
  READ_BYTES,
  unread,
  type UploadBody,
} from "../../../server/import_jobs/upload_body.ts";

const encoder = new TextEncoder();

/** Sends a request over TCP, and lets `work` read its body. Returns the result. */
async function serveOnce<T>(
  { head, send, work }: {
    /** The header of the body's length. */
    head: string;
    /** Sends the body. It may end early if the server closes the connection. */
    send: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>;
    work: (stream: ReadableStream<Uint8Array>) => Promise<T>;
  },
): Promise<T> {
  const result = Promise.withResolvers<T>();
  await using server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen() {},
  }, async ({ body }) => {
    await work(body!).then(result.resolve, result.reject);
    return new Response();
  });
  const { hostname, port } = server.addr;
  const connection = await Deno.connect({ hostname, port });
  async function write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await connection.write(bytes.subarray(at));
    }
  }
  await write(
    encoder.encode(`POST / HTTP/1.1\r\nhost: test\r\n${head}\r\n\r\n`),
  );
  const sending = send(write).catch(() => {});
  try {
    return await result.promise;
  } finally {
    connection.close();
    await sending;
  }
}

/** Returns a chunk of HTTP. */
function toChunk(data: Uint8Array): Uint8Array {
  const line = encoder.encode(`${data.length.toString(16)}\r\n`);
  const chunk = new Uint8Array(line.length + data.length + 2);
  chunk.set(line);
  chunk.set(data, line.length);
  chunk.set([13, 10], line.length + data.length);
  return chunk;
}

const LAST_CHUNK = encoder.encode("0\r\n\r\n");

/** Reads a body slowly, so that its sender is ahead. Returns the number of bytes and their sum. */
async function readSlowly(body: UploadBody): Promise<[number, number]> {
  let [size, sum, reads] = [0, 0, 0];
  for (
    let piece = await body.read(READ_BYTES);
    piece;
    piece = await body.read(READ_BYTES)
  ) {
    size += piece.length;
    sum += piece.reduce((total, byte) => total + byte, 0);
    if (++reads % 32 === 0) await new Promise((done) => setTimeout(done, 4));
  }
  return [size, sum];
}

/** Bytes whose sum shows whether one is missing or twice. */
function createBytes(size: number): [bytes: Uint8Array, sum: number] {
  const bytes = Uint8Array.from({ length: size }, (_, at) => at % 251);
  return [bytes, bytes.reduce((total, byte) => total + byte, 0)];
}

Deno.test("openUploadBody: reads a body of known length whole", async () => {
  const [bytes, sum] = createBytes(20_000_003);
  const read = await serveOnce({
    head: `content-length: ${bytes.length}`,
    send: (write) => write(bytes),
    work: (stream) =>
      readSlowly(openUploadBody(stream, { size: bytes.length })),
  });
  assert.deepEqual(read, [bytes.length, sum]);
});

for (const size of [8192, 65_536, 1_000_000]) {
  Deno.test(`openUploadBody: reads HTTP chunks of ${size} bytes from a fast sender`, async () => {
    const [bytes, sum] = createBytes(size);
    const count = Math.ceil(40_000_000 / size);
    const read = await serveOnce({
      head: "transfer-encoding: chunked",
      async send(write) {
        const chunk = toChunk(bytes);
        for (let sent = 0; sent < count; sent++) await write(chunk);
        await write(LAST_CHUNK);
      },
      work: (stream) => readSlowly(openUploadBody(stream, { size: null })),
    });
    assert.deepEqual(read, [count * size, count * sum]);
  });
}

Deno.test("openUploadBody: refuses small HTTP chunks that come too fast", async () => {
  const reading = serveOnce({
    head: "transfer-encoding: chunked",
    async send(write) {
      const chunk = toChunk(new Uint8Array(1000));
      const many = new Uint8Array(chunk.length * 1000);
      for (let at = 0; at < many.length; at += chunk.length) {
        many.set(chunk, at);
      }
      for (let sent = 0; sent < 100; sent++) await write(many);
    },
    work: (stream) => readSlowly(openUploadBody(stream, { size: null })),
  });
  await assert.rejects(reading, ChunksTooSmall);
});

Deno.test("openUploadBody: reads small HTTP chunks that come one by one", async () => {
  // More than would be kept if each read had left something.
  const count = 2200;
  let wake = Promise.withResolvers<void>();
  const read = await serveOnce({
    head: "transfer-encoding: chunked",
    async send(write) {
      const chunk = toChunk(new Uint8Array([7]));
      for (let sent = 0; sent < count; sent++) {
        const { promise } = wake = Promise.withResolvers<void>();
        await write(chunk);
        await promise;
      }
      await write(LAST_CHUNK);
    },
    async work(stream) {
      const body = openUploadBody(stream, { size: null });
      let size = 0;
      try {
        for (;;) {
          const piece = await body.read(LEAST_READ_BYTES);
          if (!piece) return size;
          size += piece.length;
          wake.resolve();
        }
      } finally {
        wake.reject(new Error("The body is not read any more"));
      }
    },
  });
  assert.equal(read, count);
});

Deno.test("openUploadBody: reads a stream that no socket feeds, piece by piece", async () => {
  const stream = ReadableStream.from([
    new Uint8Array(),
    new Uint8Array([1, 2, 3]),
    new Uint8Array([4]),
  ]);
  const body = openUploadBody(stream, { size: null });
  const head = await body.read(1);
  const whole = unread(body, head!);
  const pieces: number[][] = [];
  for (let piece = await whole.read(2); piece; piece = await whole.read(2)) {
    pieces.push([...piece]);
  }
  assert.deepEqual(pieces, [[1], [2, 3], [4]]);
});

Deno.test("openUploadBody: returns null again after the end", async () => {
  // Deno gives a body that arrived with the request as one piece, and longer ones as a byte stream.
  for (const length of [4, 5000, 300_000]) {
    const data = new Uint8Array(length).fill(7);
    for (const isChunked of [false, true]) {
      const found = await serveOnce({
        head: isChunked
          ? "transfer-encoding: chunked"
          : `content-length: ${length}`,
        send: async (write) => {
          if (!isChunked) return await write(data);
          await write(toChunk(data));
          await write(LAST_CHUNK);
        },
        work: async (stream) => {
          const size = isChunked ? null : length;
          const body = openUploadBody(stream, { size });
          const [read] = await readSlowly(body);
          return [
            read,
            await body.read(READ_BYTES),
            await body.read(READ_BYTES),
          ];
        },
      });
      assert.deepEqual(found, [length, null, null], `${length} ${isChunked}`);
    }
  }
});
