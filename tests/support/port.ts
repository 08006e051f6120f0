/** A port that nobody listens on at this moment, for a process that cannot tell us which it took. */
export function takeFreePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
