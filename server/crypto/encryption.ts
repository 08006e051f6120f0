import { fromBase64Url, toBase64Url } from "./base64url.ts";

/** The place of a sealed text. Opening it for another athlete or column fails. */
export interface SealContext {
  athleteId: number;
  column: string;
}

/** Encrypts texts that must not be readable in the database. */
export interface Seal {
  seal(text: string, context: SealContext): Promise<string>;
  /** @throws {SealError} if the key is unknown, or the text was changed or moved. */
  open(sealed: string, context: SealContext): Promise<string>;
  /** Reports whether a text was sealed under an old key and should be sealed again. */
  isOutdated(sealed: string): boolean;
}

/** Thrown when a sealed text cannot be opened. */
export class SealError extends Error {
  override name = "SealError";
}

const VERSION = "v1";
const IV_BYTES = 12;
const KEY_ID_BYTES = 6;

/**
 * Creates a seal: AES-256-GCM (NIST SP 800-38D) under `key`. It opens texts sealed under `key` or one
 * of `oldKeys`.
 *
 * A sealed text is `v1.<key id>.<iv>.<ciphertext and tag>`, in base64url. The athlete and the column
 * are authenticated with it, so that a token copied into another row cannot be opened.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const seal = await createSeal("0123456789abcdef0123456789abcdef");
 * const context = { athleteId: 1, column: "access_token" };
 * const sealed = await seal.seal("token", context);
 * assert.equal(await seal.open(sealed, context), "token");
 * ```
 */
export async function createSeal(
  key: string,
  oldKeys: readonly string[] = [],
): Promise<Seal> {
  const current = await deriveKey(key);
  const keys = new Map([[current.id, current.key]]);
  for (const oldKey of oldKeys) {
    const derived = await deriveKey(oldKey);
    keys.set(derived.id, derived.key);
  }

  async function seal(text: string, context: SealContext): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const algorithm = {
      name: "AES-GCM",
      iv,
      additionalData: toBytes(describe(context)),
    };
    const ciphertext = await crypto.subtle.encrypt(
      algorithm,
      current.key,
      toBytes(text),
    );
    return [
      VERSION,
      current.id,
      toBase64Url(iv),
      toBase64Url(new Uint8Array(ciphertext)),
    ].join(".");
  }

  async function open(sealed: string, context: SealContext): Promise<string> {
    const [version, id, iv, ciphertext, ...rest] = sealed.split(".");
    if (
      version !== VERSION || !id || !iv || !ciphertext || rest.length > 0
    ) {
      throw new SealError("Cannot open a sealed text: it has the wrong form");
    }
    const openingKey = keys.get(id);
    if (!openingKey) {
      throw new SealError(
        `Cannot open a sealed text: its key "${id}" is neither ENCRYPTION_KEY nor one of ENCRYPTION_KEYS_OLD`,
      );
    }
    try {
      const algorithm = {
        name: "AES-GCM",
        iv: fromBase64Url(iv),
        additionalData: toBytes(describe(context)),
      };
      const text = await crypto.subtle.decrypt(
        algorithm,
        openingKey,
        fromBase64Url(ciphertext),
      );
      return new TextDecoder().decode(text);
    } catch (cause) {
      throw new SealError(
        "Cannot open a sealed text: it was changed or belongs elsewhere",
        {
          cause,
        },
      );
    }
  }

  return {
    seal,
    open,
    isOutdated: (sealed) => sealed.split(".")[1] !== current.id,
  };
}

/** Derives a 256-bit key from a secret of any length (HKDF, RFC 5869), and an id that reveals nothing. */
async function deriveKey(
  secret: string,
): Promise<{ id: string; key: CryptoKey }> {
  const material = await crypto.subtle.importKey(
    "raw",
    toBytes(secret),
    "HKDF",
    false,
    [
      "deriveKey",
      "deriveBits",
    ],
  );
  const key = await crypto.subtle.deriveKey(
    { ...HKDF, info: toBytes("paceline token key") },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
  const id = await crypto.subtle.deriveBits(
    { ...HKDF, info: toBytes("paceline key id") },
    material,
    KEY_ID_BYTES * 8,
  );
  return { id: toBase64Url(new Uint8Array(id)), key };
}

const HKDF = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array() };

function describe({ athleteId, column }: SealContext): string {
  return `${athleteId}:${column}`;
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
