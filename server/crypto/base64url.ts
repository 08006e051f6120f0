const ALPHABET = { alphabet: "base64url" } as const;

/** Returns bytes as base64url text without padding (RFC 4648, section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ ...ALPHABET, omitPadding: true });
}

/** Returns the bytes of base64url text. @throws {SyntaxError} if the text is not base64url. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text, ALPHABET);
}
