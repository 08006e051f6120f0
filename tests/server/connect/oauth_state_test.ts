import assert from "node:assert/strict";
import {
  createState,
  randomText,
  readState,
  STATE_LIFETIME_MS,
} from "../../../server/connect/oauth_state.ts";

const NOW = Date.UTC(2026, 10, 20, 12, 2);
const OPTIONS = {
  secret: "state-0123456789-abcdefghijklmnopqrst",
  browser: randomText(32),
  now: NOW,
};

Deno.test("readState: a state that comes back whole and in time is good", async () => {
  const text = await createState(OPTIONS);
  const state = await readState(text, { ...OPTIONS, now: NOW + 1000 });
  assert.deepEqual(state, {
    nonce: text.split(".")[0],
    expiresAt: new Date(NOW + STATE_LIFETIME_MS),
    session: undefined,
  });
});

Deno.test("readState: the session that a state names comes back, and cannot be changed, dropped or added", async () => {
  const [session, other] = [crypto.randomUUID(), crypto.randomUUID()];
  const text = await createState({ ...OPTIONS, session });
  const plain = await createState(OPTIONS);
  const [nonce, expiry, signature] = plain.split(".");

  assert.equal((await readState(text, OPTIONS))?.session, session);
  for (
    const forged of [
      text.replace(session, other),
      text.replace(`.${session}`, ""),
      `${nonce}.${expiry}.${session}.${signature}`,
    ]
  ) {
    assert.equal(await readState(forged, OPTIONS), undefined, forged);
  }
});

Deno.test("createState: no two states are alike, nor their nonces", async () => {
  const states = await Promise.all(
    Array.from({ length: 100 }, () => createState(OPTIONS)),
  );
  const nonces = states.map((state) => state.split(".")[0]);
  assert.equal(new Set(nonces).size, 100);
});

Deno.test("readState: a state is good to the last millisecond and not after", async () => {
  const text = await createState(OPTIONS);
  const end = NOW + STATE_LIFETIME_MS;
  assert.equal(STATE_LIFETIME_MS, 600_000);
  assert.ok(await readState(text, { ...OPTIONS, now: end - 1 }));
  assert.equal(await readState(text, { ...OPTIONS, now: end }), undefined);
  assert.equal(await readState(text, { ...OPTIONS, now: end + 1 }), undefined);
});

Deno.test("readState: another browser's state is refused", async () => {
  const text = await createState(OPTIONS);
  for (const browser of [randomText(32), "", `${OPTIONS.browser}x`]) {
    assert.equal(await readState(text, { ...OPTIONS, browser }), undefined);
  }
});

Deno.test("readState: a state under another secret is refused", async () => {
  const text = await createState(OPTIONS);
  const secret = `${OPTIONS.secret}!`;
  assert.equal(await readState(text, { ...OPTIONS, secret }), undefined);
});

Deno.test("readState: a state with any one character changed is refused", async () => {
  const text = await createState(OPTIONS);
  // The last character carries two bits that base64 drops.
  for (let at = 0; at < text.length - 1; at++) {
    const other = text[at] === "1" ? "2" : "1";
    const forged = text.slice(0, at) + other + text.slice(at + 1);
    assert.equal(await readState(forged, OPTIONS), undefined, `at ${at}`);
  }
});

Deno.test("readState: a longer life cannot be forged", async () => {
  const [nonce, expiry, signature] = (await createState(OPTIONS)).split(".");
  const forged = `${nonce}.${Number(expiry) + 1}.${signature}`;
  assert.equal(await readState(forged, OPTIONS), undefined);
  const unsigned = `${nonce}.${expiry}.${"A".repeat(43)}`;
  assert.equal(await readState(unsigned, OPTIONS), undefined);
});

Deno.test("readState: what is no state is refused, however odd or huge", async () => {
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
      await readState(odd, OPTIONS),
      undefined,
      Deno.inspect(odd.slice(0, 80)),
    );
  }
});

Deno.test("randomText: so many bytes in base64url", () => {
  assert.match(randomText(32), /^[\w-]{43}$/);
  assert.match(randomText(16), /^[\w-]{22}$/);
  assert.notEqual(randomText(32), randomText(32));
});
