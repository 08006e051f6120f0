import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** A content encoding that answers are sent in. */
export type Encoding = "br" | "gzip";

/** Size from which a body is compressed, in bytes. */
const MIN_BYTES = 1024;
/** Brotli's levels go to 11; from 6 on it takes several times as long for a few percent. */
const BROTLI_LEVEL = 5;

/** Returns the encoding for a body of this size: the best one that `Accept-Encoding` allows. */
export function chooseEncoding(
  accepted: string | null,
  bytes: number,
): Encoding | undefined {
  if (accepted === null || bytes < MIN_BYTES) return undefined;
  return (["br", "gzip"] as const).find((each) => accepts(accepted, each));
}

/** Reports whether a header such as `gzip;q=0.5, *;q=0` allows an encoding (RFC 9110, section 12.5.3). */
function accepts(header: string, encoding: Encoding): boolean {
  let any = false;
  for (const part of header.toLowerCase().split(",")) {
    const [name, ...parameters] = part.split(";").map((each) => each.trim());
    const isRefused = parameters.some((each) => /^q=0(\.0*)?$/.test(each));
    if (name === encoding) return !isRefused;
    if (name === "*") any = !isRefused;
  }
  return any;
}

/** Compresses a body outside the event loop. */
export async function compress(
  body: Uint8Array<ArrayBuffer>,
  encoding: Encoding,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = encoding === "gzip"
    ? await promisify(gzip)(body)
    : await promisify(brotliCompress)(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_LEVEL,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    });
  return new Uint8Array(bytes);
}
