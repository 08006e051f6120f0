import { SaxesParser } from "saxes";
import { FileRefused } from "../file_refused.ts";

/** An element without its prefix. Prefixes need not be declared. */
export interface Element {
  readonly name: string;
  /** Names of the elements around it, the outermost first. */
  readonly path: readonly string[];
}

/** Functions that are called for each element in the order of the file. */
export interface Handlers {
  open(
    element: Element & { attributes: Readonly<Record<string, string>> },
  ): void;
  /** `text` is the text after the last start tag within the element, trimmed. */
  close(element: Element & { text: string }): void;
}

const CHUNK = 65_536;
const MAX_DEPTH = 64;
const MAX_TEXT = 10_000;
const MAX_ATTRIBUTES = 1000;

const withoutPrefix = (name: string) => name.slice(name.indexOf(":") + 1);

/**
 * Reads an XML text. Entities other than the five of XML and character references are refused,
 * so nothing expands and nothing outside of the file is read.
 */
export function readXml(text: string, handlers: Handlers): void {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const path: string[] = [];
  let current = "";
  let isAtEnd = false;
  parser.on("error", (cause) => {
    throw isAtEnd
      ? new FileRefused("damaged", "its end is missing", { cause })
      : new FileRefused("not_well_formed", undefined, { cause });
  });
  parser.on("doctype", (doctype) => {
    if (/\[|<!/.test(doctype)) throw new FileRefused("entities");
  });
  let attributeCount = 0;
  parser.on("opentagstart", () => {
    attributeCount = 0;
  });
  parser.on("attribute", () => {
    if (++attributeCount > MAX_ATTRIBUTES) {
      throw new FileRefused(
        "not_well_formed",
        "an element has too many attributes",
      );
    }
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (path.length >= MAX_DEPTH) {
      throw new FileRefused(
        "not_well_formed",
        "its elements are nested too deep",
      );
    }
    current = "";
    const local = withoutPrefix(name);
    handlers.open({ name: local, path, attributes });
    path.push(local);
  });
  const addText = (part: string) => {
    if (current.length < MAX_TEXT) current += part;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", ({ name }) => {
    path.pop();
    handlers.close({ name: withoutPrefix(name), path, text: current.trim() });
    current = "";
  });
  for (let at = 0; at < text.length; at += CHUNK) {
    parser.write(text.slice(at, at + CHUNK));
  }
  isAtEnd = true;
  parser.close();
}
