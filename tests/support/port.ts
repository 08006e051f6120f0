/** Returns a free port, for a process that cannot report which one it chose. */
export function takeFreePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
