/**
 * Returns the part of an address that identifies one customer, and the network around it: /32 and
 * /24 for IPv4, /64 and /56 for IPv6, where each customer has at least a /64 and often a /56.
 */
export function parseNetwork(
  address: string | undefined,
): { host: string; network: string } {
  if (address === undefined) return { host: "unknown", network: "unknown" };
  const v4 = parseIpv4(address);
  if (v4) return { host: v4.join("."), network: v4.slice(0, 3).join(".") };
  const groups = parseIpv6(address)?.slice(0, 4);
  if (!groups) return { host: address, network: address };
  const [a, b, c, d] = groups as [string, string, string, string];
  const high = (Number.parseInt(d, 16) & 0xff00).toString(16);
  return { host: [a, b, c, d].join(":"), network: `${a}:${b}:${c}:${high}/56` };
}

/** Returns the four parts of an IPv4 address, also of a mapped one such as `::ffff:192.0.2.1`. */
function parseIpv4(address: string): string[] | undefined {
  const [, text] = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (text) return text.split(".");
  const groups = parseIpv6(address);
  if (!groups || groups.slice(0, 6).join(":") !== "0:0:0:0:0:ffff") {
    return undefined;
  }
  return groups.slice(6).map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [String(group >> 8), String(group & 255)]);
}

/** Returns the eight groups of an IPv6 address without leading zeros, ignoring the zone. */
function parseIpv6(address: string): string[] | undefined {
  const url = `http://[${address.replace(/%.*$/, "")}]`;
  if (!URL.canParse(url)) return undefined;
  const [start = "", end] = new URL(url).hostname.slice(1, -1).split("::");
  const left = start === "" ? [] : start.split(":");
  const right = end ? end.split(":") : [];
  const zeros = end === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(zeros).fill("0"), ...right];
}
