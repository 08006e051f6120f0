import assert from "node:assert/strict";
import { readClientAddress } from "../../../server/http/client_address.ts";

const PEER = "127.0.0.1";

const CASES: [string, number, string | undefined, string | undefined][] = [
  [
    "without a proxy the connection's end, whatever is claimed",
    0,
    "9.9.9.9",
    PEER,
  ],
  ["behind one, what it has added", 1, "203.0.113.7", "203.0.113.7"],
  [
    "what the client wrote stands to the left",
    1,
    "9.9.9.9, 203.0.113.7",
    "203.0.113.7",
  ],
  [
    "behind two, what the outer one has added",
    2,
    "9.9.9.9,203.0.113.7, 10.0.0.2",
    "203.0.113.7",
  ],
  ["fewer hops than proxies: the connection's end", 2, "203.0.113.7", PEER],
  ["no header: the connection's end", 1, undefined, PEER],
  ["an empty hop: the connection's end", 1, "203.0.113.7, ", PEER],
  ["IPv6 is an address", 1, "2001:db8::1", "2001:db8::1"],
  ["a port goes", 1, "203.0.113.7:51234", "203.0.113.7"],
  ["a port goes from IPv6", 1, "[2001:db8::1]:51234", "2001:db8::1"],
  ["brackets go from IPv6", 1, "[2001:db8::1]", "2001:db8::1"],
  [
    "IPv6 that ends in digits has no port",
    1,
    "2001:db8::1:80",
    "2001:db8::1:80",
  ],
  ["words in brackets are none", 1, "[unknown]:80", PEER],
  ["words are none", 1, "unknown", PEER],
  ["nor is what is too long", 1, "1".repeat(65), PEER],
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
