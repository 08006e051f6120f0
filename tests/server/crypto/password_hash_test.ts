import assert from "node:assert/strict";
import {
  BusyError,
  createPasswords,
} from "../../../server/crypto/password_hash.ts";

const CHEAP = { memory: 64, passes: 1, lanes: 1 };

Deno.test("createPasswords: hashes to a PHC string with a fresh salt", async () => {
  const passwords = createPasswords();
  const [first, second] = [
    await passwords.hash("ten thousand miles"),
    await passwords.hash("ten thousand miles"),
  ];
  assert.match(
    first,
    /^\$argon2id\$v=19\$m=47104,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/,
  );
  assert.notEqual(first, second);
  assert.equal(await passwords.verify("ten thousand miles", first), "right");
  assert.equal(await passwords.verify("ten thousand mile", first), "wrong");
  assert.equal(await passwords.verify("", first), "wrong");
});

Deno.test("createPasswords: treats composed and decomposed letters as equal", async () => {
  const passwords = createPasswords({ parameters: CHEAP });
  const hash = await passwords.hash("M\u00fcnchen bei Nacht");
  assert.equal(
    await passwords.verify("Mu\u0308nchen bei Nacht", hash),
    "right",
  );
  assert.equal(await passwords.verify("Munchen bei Nacht", hash), "wrong");
});

Deno.test("createPasswords: verifies a hash of the reference implementation", async () => {
  // echo -n "password" | argon2 somesalt -id -t 2 -k 65536 -p 1, of the reference's own tests.
  const hash =
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  const passwords = createPasswords();
  assert.equal(await passwords.verify("password", hash), "outdated");
  assert.equal(await passwords.verify("passwork", hash), "wrong");
});

Deno.test("createPasswords: throws for a stored text that is not a hash", async () => {
  const passwords = createPasswords({ parameters: CHEAP });
  const good = await passwords.hash("ten thousand miles");
  for (
    const hash of [
      "",
      "ten thousand miles",
      good.replace("argon2id", "argon2i"),
      good.slice(0, -1),
      `${good}=`,
      good.replace("m=64", "m=99999999"),
    ]
  ) {
    await assert.rejects(passwords.verify("ten thousand miles", hash), {
      name: "TypeError",
      message: "A stored password is not an Argon2id PHC string",
    });
  }
});

Deno.test("createPasswords: runs two at once, queues some and refuses the rest", async () => {
  const { subtle } = crypto;
  const derive = subtle.deriveBits;
  let running = 0;
  let most = 0;
  subtle.deriveBits = async (...args) => {
    most = Math.max(most, ++running);
    try {
      return await derive.apply(subtle, args);
    } finally {
      running--;
    }
  };
  try {
    const passwords = createPasswords({ parameters: CHEAP, maxWaiting: 6 });
    const done: number[] = [];
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, async (_, at) => {
        await passwords.hash(`password ${at}`);
        done.push(at);
      }),
    );
    const refused = results.filter(({ status }) => status === "rejected");
    assert.equal(most, 2);
    assert.equal(refused.length, 2);
    for (const result of refused) {
      assert.ok((result as PromiseRejectedResult).reason instanceof BusyError);
    }
    assert.deepEqual(done.toSorted((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7]);
    // The slots are free again.
    await passwords.hash("afterwards");
  } finally {
    subtle.deriveBits = derive;
  }
});

Deno.test("createPasswords: frees the slot of a failed hash", async () => {
  const passwords = createPasswords({ parameters: CHEAP, maxWaiting: 0 });
  for (let count = 0; count < 5; count++) {
    await assert.rejects(passwords.verify("x", "nothing"), TypeError);
  }
  assert.ok(await passwords.hash("ten thousand miles"));
});

Deno.test("createPasswords: verifies urgent passwords first, in their own places", async () => {
  const passwords = createPasswords({ parameters: CHEAP, maxWaiting: 2 });
  const hash = await passwords.hash("ten thousand miles");
  const done: string[] = [];
  const verify = (name: string, isUrgent = false): Promise<unknown> =>
    passwords.verify("a guess", hash, { isUrgent }).then(() => done.push(name));

  const strangers = ["a", "b", "c", "d"].map((name) => verify(name));
  await assert.rejects(verify("e"), BusyError);
  await Promise.all([verify("urgent", true), ...strangers]);

  assert.ok(done.indexOf("urgent") < 3, done.join(", "));
});
