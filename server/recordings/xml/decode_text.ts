/** Bytes at the start in which an XML declaration is looked for. */
const DECLARATION_BYTES = 200;

/**
 * Decodes an XML file by its byte-order mark, its zero bytes or its XML declaration, and cuts
 * white space before the first tag, which some programs write although XML forbids it.
 */
export function decodeXml(bytes: Uint8Array): string {
  const text = new TextDecoder(findEncoding(bytes)).decode(bytes);
  return text.replace(/^[\s\ufeff\0]+/, "");
}

function findEncoding(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return "utf-16be";
  const start = String.fromCharCode(...bytes.subarray(0, DECLARATION_BYTES));
  const [, label = "utf-8"] =
    /^[^<]*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)/.exec(start) ?? [];
  // A file of single bytes cannot be in UTF-16, whatever it declares.
  if (/^utf-?16/i.test(label)) return "utf-8";
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return "utf-8";
  }
}
