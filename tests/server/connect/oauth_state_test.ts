import assert from "node:assert/strict";
import {
  createState,
  parseState,
  STATE_LIFETIME_MS,
} from "../../../server/connect/oauth_state.ts";
import { createRandomText } from "../../../server/crypto/random_text.ts";

const NOW = Date.UTC(2026, 10, 20, 12, 2);
const OPTIONS = {
  secret: "state-0123456789-abcdefghijklmnopqrst",
  browserToken: createRandomText(32),
  now: NOW,
};

Deno.test("parseState: returns the content of a valid state", async () => {
  const text = await createState(OPTIONS);
  const state = await parseState(text, { ...OPTIONS, now: NOW + 1000 });
  assert.deepEqual(state, {
    nonce: text.split(".")[0],
    expiresAt: new Date(NOW + STATE_LIFETIME_MS),
    sessionId: undefined,
  });
});

Deno.test("parseState: returns the session and refuses a forged one", async () => {
  const [sessionId, other] = [crypto.randomUUID(), crypto.randomUUID()];
  const text = await createState({ ...OPTIONS, sessionId });
  const plain = await createState(OPTIONS);
  const [nonce, expiry, signature] = plain.split(".");

  assert.equal((await parseState(text, OPTIONS))?.sessionId, sessionId);
  for (
    const forged of [
      text.replace(sessionId, other),
      text.replace(`.${sessionId}`, ""),
      `${nonce}.${expiry}.${sessionId}.${signature}`,
    ]
  ) {
    assert.equal(await parseState(forged, OPTIONS), undefined, forged);
  }
});

Deno.test("createState: creates a different nonce each time", async () => {
  const states = await Promise.all(
    Array.from({ length: 100 }, () => createState(OPTIONS)),
  );
  const nonces = states.map((state) => state.split(".")[0]);
  assert.equal(new Set(nonces).size, 100);
});

Deno.test("parseState: accepts a state until its last millisecond", async () => {
  const text = await createState(OPTIONS);
  const end = NOW + STATE_LIFETIME_MS;
  assert.equal(STATE_LIFETIME_MS, 600_000);
  assert.ok(await parseState(text, { ...OPTIONS, now: end - 1 }));
  assert.equal(await parseState(text, { ...OPTIONS, now: end }), undefined);
  assert.equal(await parseState(text, { ...OPTIONS, now: end + 1 }), undefined);
});

Deno.test("parseState: refuses a state of another browser", async () => {
  const text = await createState(OPTIONS);
  const others = [createRandomText(32), "", `${OPTIONS.browserToken}x`];
  for (const browserToken of others) {
    assert.equal(
      await parseState(text, { ...OPTIONS, browserToken }),
      undefined,
    );
  }
});

Deno.test("parseState: refuses a state under another secret", async () => {
  const text = await createState(OPTIONS);
  const secret = `${OPTIONS.secret}!`;
  assert.equal(await parseState(text, { ...OPTIONS, secret }), undefined);
});

Deno.test("parseState: refuses a state with any changed character", async () => {
  const text = await createState(OPTIONS);
  // The last character has two bits that base64 ignores.
  for (let at = 0; at < text.length - 1; at++) {
    const other = text[at] === "1" ? "2" : "1";
    const forged = text.slice(0, at) + other + text.slice(at + 1);
    assert.equal(await parseState(forged, OPTIONS), undefined, `at ${at}`);
  }
});

Deno.test("parseState: refuses a forged expiry", async () => {
  const [nonce, expiry, signature] = (await createState(OPTIONS)).split(".");
  const forged = `${nonce}.${Number(expiry) + 1}.${signature}`;
  assert.equal(await parseState(forged, OPTIONS), undefined);
  const unsigned = `${nonce}.${expiry}.${"A".repeat(43)}`;
  assert.equal(await parseState(unsigned, OPTIONS), undefined);
});

Deno.test("parseState: refuses malformed and huge texts", async () => {
  const text = await createState(OPTIONS);
  const malformed = [
    "",
    ".",
    "..",
    `${text} `,
    ` ${text}`,
    `${text}\n`,
    `${text}.`,
    text.slice(0, -1),
    `${text}=`,
    text.replaceAll(".", "\0"),
    text.replaceAll(".", "!"),
    `${text}${text}`,
    "é".repeat(22) + text.slice(22),
    `${"A".repeat(22)}.${"9".repeat(15)}.${"A".repeat(43)}`,
    "A".repeat(5_000_000),
    `${text},${text}`,
  ];
  for (const odd of malformed) {
    assert.equal(
      await parseState(odd, OPTIONS),
      undefined,
      Deno.inspect(odd.slice(0, 80)),
    );
  }
});
