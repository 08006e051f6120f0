import type { Config } from "../config.ts";

/** As long as an IPv6 address with a zone may be. */
const MAX_LENGTH = 64;

/**
 * Where a request comes from: the connection's other end or, behind so many proxies as
 * `TRUSTED_PROXIES` says, what the outermost of them has put into `X-Forwarded-For`. What a client
 * writes there itself stands further to the left, and is not believed.
 */
export function readClientAddress(
  { trustedProxies }: Pick<Config, "trustedProxies">,
  { headers, peer }: { headers: Headers; peer: string | undefined },
): string | undefined {
  if (trustedProxies === 0) return peer;
  const hops = (headers.get("x-forwarded-for") ?? "").split(",")
    .map((hop) => hop.trim());
  const address = withoutPort(hops.at(-trustedProxies) ?? "");
  return address && isAddress(address) ? address : peer;
}

/** Some proxies add the port, which is another with each connection. */
function withoutPort(hop: string): string {
  const [, v6, v4] = /^(?:\[(.+)\](?::\d+)?|([\d.]+):\d+)$/.exec(hop) ?? [];
  return v6 ?? v4 ?? hop;
}

function isAddress(text: string): boolean {
  return text.length <= MAX_LENGTH && /^[\da-fA-F.:]+(%\w+)?$/.test(text);
}
