/**
 * Sends raw bytes to the app behind a real HTTP server, and returns the response as text. It reads
 * until the connection ends, or until the text matches `until` if the request is never complete.
 */
export async function sendRaw(
  app: (request: Request) => Promise<Response>,
  text: string,
  { until }: { until?: RegExp } = {},
): Promise<string> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    app,
  );
  const connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.addr.port,
  });
  const writing = new Blob([text]).stream().pipeTo(
    new WritableStream({
      async write(chunk) {
        for (let at = 0; at < chunk.length;) {
          at += await connection.write(chunk.subarray(at));
        }
      },
    }),
  ).catch(() => {});
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let answer = "";
  while (!until?.test(answer)) {
    const read = await connection.read(buffer).catch(() => null);
    if (read === null) break;
    answer += decoder.decode(buffer.subarray(0, read), { stream: true });
  }
  await writing;
  connection.close();
  await server.shutdown();
  return answer;
}
