import assert from "node:assert/strict";
import { readClientAddress } from "../../../server/http/client_address.ts";

const PEER = "127.0.0.1";

const CASES: [string, number, string | undefined, string | undefined][] = [
  [
    "without a proxy returns the peer and ignores the header",
    0,
    "9.9.9.9",
    PEER,
  ],
  ["behind one proxy returns its entry", 1, "203.0.113.7", "203.0.113.7"],
  [
    "ignores entries that the client wrote",
    1,
    "9.9.9.9, 203.0.113.7",
    "203.0.113.7",
  ],
  [
    "behind two proxies returns the outer one's entry",
    2,
    "9.9.9.9,203.0.113.7, 10.0.0.2",
    "203.0.113.7",
  ],
  ["returns the peer for fewer entries than proxies", 2, "203.0.113.7", PEER],
  ["returns the peer without the header", 1, undefined, PEER],
  ["returns the peer for an empty entry", 1, "203.0.113.7, ", PEER],
  ["accepts IPv6", 1, "2001:db8::1", "2001:db8::1"],
  ["removes a port", 1, "203.0.113.7:51234", "203.0.113.7"],
  ["removes a port from IPv6", 1, "[2001:db8::1]:51234", "2001:db8::1"],
  ["removes brackets from IPv6", 1, "[2001:db8::1]", "2001:db8::1"],
  [
    "keeps IPv6 that ends in digits",
    1,
    "2001:db8::1:80",
    "2001:db8::1:80",
  ],
  ["ignores words in brackets", 1, "[unknown]:80", PEER],
  ["ignores words", 1, "unknown", PEER],
  ["ignores hexadecimal words", 1, "face", PEER],
  ["ignores an incomplete address", 1, "1.2.3", PEER],
  ["accepts IPv6 with a zone", 1, "fe80::1%eth0", "fe80::1%eth0"],
  ["ignores an entry that is too long", 1, "1".repeat(65), PEER],
];

for (const [promise, trustedProxies, forwarded, address] of CASES) {
  Deno.test(`readClientAddress: ${promise}`, () => {
    const headers = new Headers(
      forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
    );
    const found = readClientAddress({ trustedProxies }, {
      headers,
      peer: PEER,
    });
    assert.equal(found, address);
  });
}
