import { createHmac } from "node:crypto";
import type { Config } from "../config.ts";
import { equalsSecret } from "../crypto/constant_time.ts";

/** Letters and digits that are hard to confuse: Crockford's Base32. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Characters of a code: 80 bits. */
const LENGTH = 16;

/**
 * Returns the set-up code, in groups of four: `7Q2M-0ZKD-9XWA-4FTB`. The server prints it, so that
 * nobody but its operator can create the first administrator. It is derived from `STATE_SECRET`, so
 * that all processes know it, and is useless once there is an administrator.
 */
export function createSetUpCode(
  { stateSecret }: Pick<Config, "stateSecret">,
): string {
  const bytes = createHmac("sha256", stateSecret).update("paceline set-up")
    .digest();
  const letters = [...bytes.subarray(0, LENGTH)].map((byte) =>
    ALPHABET[byte % ALPHABET.length]
  );
  return letters.join("").replaceAll(/(.{4})(?=.)/g, "$1-");
}

/** Reports whether a typed code is the right one. Case, spaces and dashes do not matter. */
export function isSetUpCode(
  typed: string,
  config: Pick<Config, "stateSecret">,
): boolean {
  const toPlain = (code: string): string =>
    code.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0")
      .replaceAll(/[IL]/g, "1");
  return equalsSecret(toPlain(typed), toPlain(createSetUpCode(config)));
}
