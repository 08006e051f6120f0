import { timingSafeEqual } from "node:crypto";

/** The cost of a hash: 46 MiB in one pass, OWASP's minimum for Argon2id. */
const PARAMETERS: Parameters = { memory: 47_104, passes: 1, lanes: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Hashes computed at the same time. */
const MAX_AT_ONCE = 2;
/** Hashes that may wait for their turn. */
const MAX_WAITING = 20;
const RETRY_AFTER_SECONDS = 2;

interface Parameters {
  /** KiB. Below 33 MiB the C library keeps freed memory and the process grows. */
  memory: number;
  passes: number;
  lanes: number;
}

/** Hashes and verifies passwords, few at a time: each takes a core and 46 MiB. */
export interface Passwords {
  /** @throws {BusyError} when too many are waiting. */
  hash(password: string): Promise<string>;
  /**
   * Compares a password with a stored hash. `outdated` is right but should be hashed again with the
   * current cost. Without a hash (an unknown user) it does the same work and returns `wrong`. Urgent
   * ones go before all others and have their own places to wait.
   *
   * @throws {BusyError} when too many are waiting.
   */
  verify(
    password: string,
    hash: string | undefined,
    options?: { isUrgent?: boolean },
  ): Promise<Verdict>;
}

/** The result of comparing a password with a stored hash. */
export type Verdict = "right" | "outdated" | "wrong";

/** Thrown when too many passwords are waiting to be hashed. */
export class BusyError extends Error {
  override name = "BusyError";
  readonly retryAfterSeconds = RETRY_AFTER_SECONDS;

  constructor() {
    super("Too many passwords are waiting to be checked");
  }
}

/**
 * Creates the password hasher: Argon2id (RFC 9106) by Deno's WebCrypto, off the event loop. A hash is
 * a PHC string such as `$argon2id$v=19$m=47104,t=1,p=1$<salt>$<hash>`, which other programs can read.
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
  const enqueue = createQueue(maxWaiting);
  return {
    hash: (password) =>
      enqueue(async () => {
        const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
        return toPhc(
          parameters,
          salt,
          await derive(password, parameters, salt),
        );
      }),
    verify: (password, hash, { isUrgent = false } = {}) =>
      enqueue(async () => {
        const known = hash === undefined ? undefined : readPhc(hash);
        const salt = known?.salt ?? new Uint8Array(SALT_BYTES);
        const derived = await derive(password, known ?? parameters, salt);
        if (!known || !timingSafeEqual(derived, known.hash)) return "wrong";
        return isSame(known, parameters) ? "right" : "outdated";
      }, isUrgent),
  };
}

/**
 * Returns a function that runs `MAX_AT_ONCE` tasks at a time and lets others wait in order, urgent ones
 * first.
 */
function createQueue(
  maxWaiting: number,
): <T>(work: () => Promise<T>, isUrgent?: boolean) => Promise<T> {
  const urgent: (() => void)[] = [];
  const others: (() => void)[] = [];
  let running = 0;
  return async (work, isUrgent = false) => {
    if (running >= MAX_AT_ONCE) {
      const waiting = isUrgent ? urgent : others;
      if (waiting.length >= maxWaiting) throw new BusyError();
      // A finished task hands its place to the next, so that a new one cannot jump the queue.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = urgent.shift() ?? others.shift();
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
  // Keyboards differ in how they compose accented letters.
  const bytes = new TextEncoder().encode(password.normalize("NFC"));
  // Not yet in TypeScript's WebCrypto types.
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
    throw new TypeError("A stored password is not an Argon2id PHC string");
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

/** Returns base64 without padding, as PHC strings use it. */
function toText(bytes: Uint8Array): string {
  return bytes.toBase64({ omitPadding: true });
}
