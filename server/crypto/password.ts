import { timingSafeEqual } from "node:crypto";

/** How much work a hash is: 46 MiB in one pass, which OWASP asks for at least. */
const PARAMETERS: Parameters = { memory: 47_104, passes: 1, lanes: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MAX_AT_ONCE = 2;
const MAX_WAITING = 20;
const RETRY_AFTER_SECONDS = 2;

interface Parameters {
  /** In KiB. Below 33 MiB the C library keeps what is freed, and the process grows. */
  memory: number;
  passes: number;
  lanes: number;
}

/** Hashes and compares passwords, few at once: each takes a core and 46 MiB for a while. */
export interface Passwords {
  /** @throws {BusyError} where too many wait already. */
  hash(password: string): Promise<string>;
  /**
   * Compares with a stored hash; `outdated` is right, but to be hashed anew. Without a hash, as of a
   * user who is not there, the same work is done and the password is wrong.
   *
   * @throws {BusyError} where too many wait already.
   */
  verify(password: string, hash: string | undefined): Promise<Verdict>;
}

export type Verdict = "right" | "outdated" | "wrong";

/** So many passwords wait to be hashed that one more is refused. */
export class BusyError extends Error {
  override name = "BusyError";
  readonly retryAfterSeconds = RETRY_AFTER_SECONDS;

  constructor() {
    super("Too many passwords wait to be checked");
  }
}

/**
 * Hashes with Argon2id (RFC 9106) of this Deno, off the event loop. A hash is a PHC string, such as
 * `$argon2id$v=19$m=47104,t=1,p=1$<salt>$<hash>`, which other programs read too.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const passwords = createPasswords();
 * const hash = await passwords.hash("ten thousand miles");
 * assert.equal(await passwords.verify("ten thousand miles", hash), "right");
 * assert.equal(await passwords.verify("ten thousand smiles", hash), "wrong");
 * ```
 */
export function createPasswords(
  { parameters = PARAMETERS, maxWaiting = MAX_WAITING }: {
    parameters?: Parameters;
    maxWaiting?: number;
  } = {},
): Passwords {
  const takeTurn = createTurns(maxWaiting);
  return {
    hash: (password) =>
      takeTurn(async () => {
        const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
        return toPhc(
          parameters,
          salt,
          await derive(password, parameters, salt),
        );
      }),
    verify: (password, hash) =>
      takeTurn(async () => {
        const known = hash === undefined ? undefined : readPhc(hash);
        const salt = known?.salt ?? new Uint8Array(SALT_BYTES);
        const derived = await derive(password, known ?? parameters, salt);
        if (!known || !timingSafeEqual(derived, known.hash)) return "wrong";
        return isSame(known, parameters) ? "right" : "outdated";
      }),
  };
}

/** Lets few run at once and some wait, in the order in which they came. */
function createTurns(
  maxWaiting: number,
): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= MAX_AT_ONCE) {
      if (waiting.length >= maxWaiting) throw new BusyError();
      // Whoever ends hands over the place, so that nobody slips in between.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

async function derive(
  password: string,
  { memory, passes, lanes }: Parameters,
  salt: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  // The same letters may come composed or not, as the keyboard pleases.
  const bytes = new TextEncoder().encode(password.normalize("NFC"));
  // Newer than the types of WebCrypto.
  const format = "raw-secret" as "raw";
  const key = await crypto.subtle.importKey(format, bytes, "Argon2id", false, [
    "deriveBits",
  ]);
  const algorithm = {
    name: "Argon2id",
    nonce: salt,
    memory,
    passes,
    parallelism: lanes,
  };
  const bits = await crypto.subtle.deriveBits(algorithm, key, HASH_BYTES * 8);
  return new Uint8Array(bits);
}

function toPhc(
  { memory, passes, lanes }: Parameters,
  salt: Uint8Array,
  hash: Uint8Array,
): string {
  const cost = `m=${memory},t=${passes},p=${lanes}`;
  return `$argon2id$v=19$${cost}$${toText(salt)}$${toText(hash)}`;
}

function readPhc(
  phc: string,
): Parameters & { salt: Uint8Array<ArrayBuffer>; hash: Uint8Array } {
  const [, memory, passes, lanes, salt, hash] =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/]{11,86})\$([\w+/]{43})$/
      .exec(phc) ?? [];
  if (!salt || !hash) {
    throw new TypeError("A stored password is no PHC string of Argon2id");
  }
  return {
    memory: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Uint8Array.fromBase64(salt),
    hash: Uint8Array.fromBase64(hash),
  };
}

function isSame(a: Parameters, b: Parameters): boolean {
  return a.memory === b.memory && a.passes === b.passes && a.lanes === b.lanes;
}

/** Base64 without padding, as PHC strings have it. */
function toText(bytes: Uint8Array): string {
  return bytes.toBase64({ omitPadding: true });
}
