import assert from "node:assert/strict";
import {
  createSeal,
  type Seal,
  SealError,
} from "../../../server/crypto/encryption.ts";

const KEY = "key-0123456789-abcdefghijklmnopqrstuv";
const OLD_KEY = "old-0123456789-abcdefghijklmnopqrstuv";
const CONTEXT = { athleteId: 700_001, column: "access_token" };
/** 54 bytes with the tag, so that every base64url character carries data. */
const TOKEN = "0123456789abcdef0123456789abcdef012345";

const CHANGED = {
  name: "SealError",
  message: "Cannot open a sealed text: it was changed or belongs elsewhere",
};
const NOT_SEALED = {
  name: "SealError",
  message: "Cannot open a sealed text: it has the wrong form",
};

async function sealToken(key = KEY): Promise<{ seal: Seal; sealed: string }> {
  const seal = await createSeal(key);
  return { seal, sealed: await seal.seal(TOKEN, CONTEXT) };
}

Deno.test("seal: opens to the original text", async () => {
  const seal = await createSeal(KEY);
  for (const text of [TOKEN, "", "a", "ä€🏃\n", "x".repeat(100_000)]) {
    const sealed = await seal.seal(text, CONTEXT);
    assert.match(sealed, /^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]{22,}$/);
    assert.equal(await seal.open(sealed, CONTEXT), text);
  }
});

Deno.test("seal: opens in another process with the same key", async () => {
  const { sealed } = await sealToken();
  const other = await createSeal(KEY);
  assert.equal(await other.open(sealed, CONTEXT), TOKEN);
  assert.equal(other.isOutdated(sealed), false);
});

Deno.test("seal: never produces the same text twice", async () => {
  const seal = await createSeal(KEY);
  const sealed = await Promise.all(
    Array.from({ length: 1000 }, () => seal.seal(TOKEN, CONTEXT)),
  );
  assert.equal(new Set(sealed).size, 1000);
  const ivs = sealed.map((text) => text.split(".")[2]);
  assert.equal(new Set(ivs).size, 1000);
});

Deno.test("seal: reveals neither text nor key", async () => {
  const { sealed } = await sealToken();
  const bytes = sealed.split(".").map((part) =>
    part === "v1"
      ? part
      : Uint8Array.fromBase64(part, { alphabet: "base64url" }).toHex()
  ).join(".");
  const hex = (text: string): string => new TextEncoder().encode(text).toHex();
  for (const secret of [TOKEN, KEY]) {
    for (let at = 0; at + 6 <= secret.length; at++) {
      const part = secret.slice(at, at + 6);
      assert.ok(!sealed.includes(part), part);
      assert.ok(!bytes.includes(hex(part)), part);
    }
  }
});

Deno.test("open: refuses a text of another athlete", async () => {
  const { seal, sealed } = await sealToken();
  await assert.rejects(
    seal.open(sealed, { ...CONTEXT, athleteId: 700_002 }),
    CHANGED,
  );
});

Deno.test("open: refuses a text of another column", async () => {
  const { seal, sealed } = await sealToken();
  await assert.rejects(
    seal.open(sealed, { ...CONTEXT, column: "refresh_token" }),
    CHANGED,
  );
});

Deno.test("open: refuses a text with one changed character", async () => {
  const { seal, sealed } = await sealToken();
  for (let at = 0; at < sealed.length; at++) {
    const other = sealed[at] === "A" ? "B" : "A";
    const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
    await assert.rejects(
      seal.open(changed, CONTEXT),
      SealError,
      `character ${at}`,
    );
  }
});

Deno.test("open: refuses a truncated or lengthened text", async () => {
  const { seal, sealed } = await sealToken();
  for (let end = 0; end < sealed.length; end++) {
    await assert.rejects(
      seal.open(sealed.slice(0, end), CONTEXT),
      SealError,
      `cut at ${end}`,
    );
  }
  for (const more of ["A", "AAAA", ".", ".AAAA"]) {
    await assert.rejects(seal.open(sealed + more, CONTEXT), SealError, more);
  }
});

Deno.test("open: refuses garbage", async () => {
  const { seal, sealed } = await sealToken();
  const [, id, iv] = sealed.split(".");
  for (const garbage of ["", TOKEN, "v1", "v1...", "v2.a.b.c", "....", "\0"]) {
    await assert.rejects(seal.open(garbage, CONTEXT), NOT_SEALED, garbage);
  }
  for (const garbage of [`v1.${id}.!!!!.????`, `v1.${id}.${iv}.ä`]) {
    await assert.rejects(seal.open(garbage, CONTEXT), CHANGED, garbage);
  }
});

Deno.test("open: accepts an old key and reports the text as outdated", async () => {
  const { sealed } = await sealToken(OLD_KEY);
  const seal = await createSeal(KEY, ["another-old-key", OLD_KEY]);
  assert.equal(await seal.open(sealed, CONTEXT), TOKEN);
  assert.equal(seal.isOutdated(sealed), true);
  const anew = await seal.seal(TOKEN, CONTEXT);
  assert.equal(seal.isOutdated(anew), false);
  assert.equal(await (await createSeal(KEY)).open(anew, CONTEXT), TOKEN);
});

Deno.test("open: names an unknown key by its id, with the setting to change", async () => {
  const { sealed } = await sealToken(OLD_KEY);
  const seal = await createSeal(KEY);
  const id = sealed.split(".")[1];
  await assert.rejects(seal.open(sealed, CONTEXT), {
    name: "SealError",
    message:
      `Cannot open a sealed text: its key "${id}" is neither ENCRYPTION_KEY nor one of ENCRYPTION_KEYS_OLD`,
  });
});
