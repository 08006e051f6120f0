import type { Deps } from "../context.ts";

/** Notices a proxy in front of the server that `TRUSTED_PROXIES` does not count. */
export interface ProxyWatch {
  /** Looks at a request. Logs a warning for the first one that came through a proxy. */
  notice(headers: Headers, peer: string | undefined): void;
  /** Time of that request, in epoch milliseconds. */
  readonly since: number | undefined;
}

/** Addresses of this machine and of private networks, where a proxy of the operator's is. */
const PRIVATE =
  /^(::ffff:)?(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|^(::1$|f[cd])/i;

/**
 * Creates the watch. Behind such a proxy all clients share its address: the wrong passwords and the
 * requests of one count for all of them.
 *
 * A client on the internet may send `X-Forwarded-For` too, so only private addresses count.
 */
export function createProxyWatch(
  { config, log, now }: Pick<Deps, "config" | "log" | "now">,
): ProxyWatch {
  let since: number | undefined;
  return {
    notice(headers, peer) {
      if (since !== undefined || config.trustedProxies > 0) return;
      if (!headers.has("x-forwarded-for") || !PRIVATE.test(peer ?? "")) return;
      since = now();
      log.warning(
        "A proxy at {peer} sends X-Forwarded-For, but TRUSTED_PROXIES is 0: all of its clients count as one. Set TRUSTED_PROXIES to the number of your proxies",
        { peer },
      );
    },
    get since() {
      return since;
    },
  };
}
