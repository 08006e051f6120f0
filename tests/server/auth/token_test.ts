import assert from "node:assert/strict";
import {
  createToken,
  deriveToken,
  hashToken,
  isApiKey,
  isToken,
} from "../../../server/auth/token.ts";

const CONFIG = { stateSecret: "state-0123456789-abcdefghijklmnopqrst" };

Deno.test("createToken: returns its kind and 256 random bits", () => {
  const token = createToken("pa");
  assert.match(token, /^pa_[\w-]{43}$/);
  assert.ok(isToken(token, "pa"));
  assert.ok(!isToken(token, "pr"));
  assert.notEqual(createToken("pa"), token);
});

Deno.test("isToken: accepts the exact form only", () => {
  const token = createToken("ps");
  for (
    const text of [
      `${token}x`,
      token.slice(0, -1),
      ` ${token}`,
      `${token}\n`,
      "",
      "ps_",
    ]
  ) {
    assert.ok(!isToken(text, "ps"), JSON.stringify(text));
  }
});

Deno.test("isApiKey: accepts a prefix of 8 and a secret of 43 characters", () => {
  const secret = createToken("pa").slice(3);
  assert.ok(isApiKey(`pl_Ab3dE9xZ_${secret}`));
  for (
    const text of [
      `pl_Ab3dE9x_${secret}`,
      `pl_Ab3dE9xZ${secret}`,
      `pa_${secret}`,
      `pl_Ab3dE9xZ_${secret}\n`,
    ]
  ) {
    assert.ok(!isApiKey(text), JSON.stringify(text));
  }
});

Deno.test("deriveToken: depends on token, kind and secret only", () => {
  const from = createToken("pr");
  const derived = deriveToken("pr", { from, config: CONFIG });
  assert.equal(deriveToken("pr", { from, config: CONFIG }), derived);
  const others = [
    deriveToken("pa", { from, config: CONFIG }),
    deriveToken("pr", { from: createToken("pr"), config: CONFIG }),
    deriveToken("pr", { from, config: { stateSecret: "another" } }),
  ];
  for (const other of others) assert.notEqual(other.slice(3), derived.slice(3));
});

Deno.test("hashToken: returns SHA-256", () => {
  // FIPS 180-2, appendix B.1
  const hash =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.equal(hashToken("abc").toHex(), hash);
});
