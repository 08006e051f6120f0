import assert from "node:assert/strict";
import { parseNetwork } from "../../../server/http/network.ts";

const CASES: [string | undefined, string, string][] = [
  ["203.0.113.7", "203.0.113.7", "203.0.113"],
  ["203.0.113.200", "203.0.113.200", "203.0.113"],
  ["::ffff:203.0.113.7", "203.0.113.7", "203.0.113"],
  ["::FFFF:cb00:7107", "203.0.113.7", "203.0.113"],
  ["0:0:0:0:0:ffff:cb00:7107", "203.0.113.7", "203.0.113"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2", "2001:db8:1:0/56"],
  ["2001:db8:1:12ab::", "2001:db8:1:12ab", "2001:db8:1:1200/56"],
  ["2001:0DB8:0001:0002::1", "2001:db8:1:2", "2001:db8:1:0/56"],
  ["2001:db8::1", "2001:db8:0:0", "2001:db8:0:0/56"],
  ["fe80::1%eth0", "fe80:0:0:0", "fe80:0:0:0/56"],
  ["::1", "0:0:0:0", "0:0:0:0/56"],
  ["::", "0:0:0:0", "0:0:0:0/56"],
  ["no address", "no address", "no address"],
  [undefined, "unknown", "unknown"],
];

for (const [address, host, network] of CASES) {
  Deno.test(`parseNetwork: finds ${host} in ${network} for ${address}`, () => {
    assert.deepEqual(parseNetwork(address), { host, network });
  });
}
