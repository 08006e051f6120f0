/**
 * Creates an object on which every path can be called: `proxy.stats.ytd.query(input)`. `symbols`
 * are its properties with symbol keys.
 */
export function createPathProxy(
  call: (path: readonly string[], args: readonly unknown[]) => unknown,
  symbols: Readonly<Record<symbol, unknown>> = {},
  path: readonly string[] = [],
): unknown {
  return new Proxy(() => {}, {
    get(_, key) {
      // `await` and printing read these keys.
      if (typeof key === "symbol") return symbols[key];
      if (key === "then" || key === "toJSON") return undefined;
      return createPathProxy(call, {}, [...path, key]);
    },
    apply: (_, __, args: unknown[]) => call(path, args),
  });
}
