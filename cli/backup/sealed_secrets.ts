import { Buffer } from "node:buffer";
import { createHash, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { BackupFileError } from "./file_error.ts";

/** Cost of a guess: 128 MB and about half a second (RFC 7914). */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const SALT_BYTES = 16;
const IV_BYTES = 12;
const VERSION = "v1";

/** Thrown when a passphrase does not open the secrets of a backup. */
export class PassphraseError extends BackupFileError {
  override name = "PassphraseError";
}

/**
 * Encrypts the secrets under a passphrase: AES-256-GCM with a key from scrypt. The text is
 * `v1.<salt>.<iv>.<ciphertext and tag>.<checksum>` in base64url. The checksum tells damage from a wrong
 * passphrase.
 */
export async function sealSecrets(
  text: string,
  passphrase: string,
): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const ciphertext = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv },
    await deriveKey(passphrase, salt),
    new TextEncoder().encode(text),
  );
  const sealed = [VERSION, salt, iv, new Uint8Array(ciphertext)].map(toText)
    .join(".");
  return `${sealed}.${computeChecksum(sealed)}`;
}

/**
 * Decrypts the secrets of a backup.
 *
 * @throws {BackupFileError} if they are damaged.
 * @throws {PassphraseError} if the passphrase is wrong.
 */
export async function openSecrets(
  sealed: string,
  passphrase: string,
): Promise<string> {
  const end = sealed.lastIndexOf(".");
  const content = sealed.slice(0, Math.max(end, 0));
  const [version, salt, iv, ciphertext] = content.split(".");
  if (
    version !== VERSION || !salt || !iv || !ciphertext ||
    sealed.slice(end + 1) !== computeChecksum(content)
  ) {
    throw new BackupFileError("The backup is damaged: its secrets are changed");
  }
  const key = await deriveKey(passphrase, toBytes(salt));
  try {
    const opened = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: toBytes(iv) },
      key,
      toBytes(ciphertext),
    );
    return new TextDecoder().decode(opened);
  } catch {
    throw new PassphraseError("The passphrase does not open these secrets");
  }
}

async function deriveKey(
  passphrase: string,
  salt: Uint8Array,
): Promise<CryptoKey> {
  const derive = promisify<
    string,
    Uint8Array,
    number,
    typeof COST,
    Buffer
  >(scrypt);
  // The same passphrase may be typed in different Unicode forms.
  const bits = await derive(passphrase.normalize("NFC"), salt, 32, COST);
  return await crypto.subtle.importKey(
    "raw",
    new Uint8Array(bits),
    "AES-GCM",
    false,
    ["encrypt", "decrypt"],
  );
}

function computeChecksum(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function toText(part: string | Uint8Array): string {
  return typeof part === "string"
    ? part
    : Buffer.from(part).toString("base64url");
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, "base64url"));
}
