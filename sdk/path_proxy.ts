/**
 * An object whose every path can be called: `proxy.stats.ytd.query(input)`; `facts` are what it has
 * beside.
 */
export function createPathProxy(
  call: (path: readonly string[], args: readonly unknown[]) => unknown,
  facts: Readonly<Record<symbol, unknown>> = {},
  path: readonly string[] = [],
): unknown {
  return new Proxy(() => {}, {
    get(_, key) {
      // Asked for by whoever awaits the object or prints it.
      if (typeof key === "symbol") return facts[key];
      if (key === "then" || key === "toJSON") return undefined;
      return createPathProxy(call, {}, [...path, key]);
    },
    apply: (_, __, args: unknown[]) => call(path, args),
  });
}
