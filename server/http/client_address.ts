import { isIP } from "node:net";
import type { Config } from "../config.ts";

/** Longest accepted address: IPv6 with a zone. */
const MAX_LENGTH = 64;

/**
 * Returns the client's address: the connection's peer or, behind N trusted proxies, the Nth entry
 * from the right of `X-Forwarded-For`. Entries further to the left come from the client and are not
 * trusted. N is the setting `TRUSTED_PROXIES`.
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

/** Removes the port, which some proxies add and which changes with each connection. */
function withoutPort(hop: string): string {
  const [, v6, v4] = /^(?:\[(.+)\](?::\d+)?|([\d.]+):\d+)$/.exec(hop) ?? [];
  return v6 ?? v4 ?? hop;
}

function isAddress(text: string): boolean {
  return text.length <= MAX_LENGTH && isIP(text) !== 0;
}
