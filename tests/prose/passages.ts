/** A piece of text that people read. */
export interface Passage {
  kind: "comment" | "test name" | "string" | "prose" | "heading";
  /** Line of the file on which the text begins, from 1. */
  line: number;
  /** The text without markers; code in it is replaced by `x`. Its line breaks are the file's. */
  text: string;
}

type Reader = (text: string) => Passage[];

const READERS: readonly [path: RegExp, read: Reader][] = [
  [/\.[jt]sx$/, (text) => [...readScript(text), ...readJsx(text)]],
  [/\.([cm]?[jt]s|jsonc?|css)$/, readScript],
  [/\.md$/, readMarkdown],
  [/\.sql$/, readSql],
  [/\.html$/, readHtml],
  [/\.ya?ml$/, (text) => [...readHashComments(text), ...readYaml(text)]],
  [/(^|\/)(\.ci\/\w+|[^/]*\.sh)$/, readShell],
  [
    /(^|\/)(Dockerfile|CODEOWNERS|\.env\.example|\.editorconfig|\.git\w+|\.dockerignore)$/,
    readHashComments,
  ],
];

/** Returns the text in a file that people read; undefined for a kind of file without any. */
export function readPassages(
  path: string,
  text: string,
): Passage[] | undefined {
  const read = READERS.find(([pattern]) => pattern.test(path))?.[1];
  return read?.(text).map((passage) => ({
    ...passage,
    text: passage.kind === "string" || passage.kind === "test name"
      ? passage.text
      : hideCode(passage.text),
  }));
}

/** Replaces fenced blocks, `code` and the targets of links. Keeps the line breaks. */
function hideCode(text: string): string {
  return text
    .replace(/^[ \t]*(```|~~~)[^]*?^[ \t]*\1/gm, keepLines)
    .replace(/(`+)(?!`)[^]*?\1/g, (code) => `x${keepLines(code)}`)
    .replace(/\]\([^)]*\)/g, (link) => `]${keepLines(link)}`)
    .replace(/\bhttps?:\S+/g, "x");
}

const keepLines = (text: string): string => text.replace(/[^\n]+/g, "");

const TEST_CALL =
  /(?:\bDeno\.test|\.step|\btest|\bit)(?:\.\w+)?\(\s*(?:\{\s*(?:\w+: [^"`]*,\s*)*name:\s*)?$/;

/** Words after which a slash begins a regular expression. */
const OPERATOR_WORDS =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|await|yield|else|do)$/;

/**
 * Reads the comments and the strings of TypeScript, JavaScript, JSON or CSS.
 *
 * This is no full parser: it has to tell comments, strings, templates and regular expressions from
 * each other. The worst that a mistake does is a passage too many or too few.
 */
function readScript(text: string): Passage[] {
  const passages: Passage[] = [];
  let i = 0;
  let line = 1;
  let lineAt = 0;
  /** End of the last `//` comment if it has its lines to itself, else -1. */
  let commentEnd = -1;
  /** End of the code read so far; the code before a slash decides what the slash is. */
  let codeEnd = 0;

  function lineOf(at: number): number {
    for (; lineAt < at; lineAt++) if (text[lineAt] === "\n") line++;
    return line;
  }

  function readCode(closing: boolean): void {
    for (let depth = 0; i < text.length;) {
      const char = text[i]!;
      const isSlash = char === "/";
      if (isSlash && text[i + 1] === "/") readLineComment();
      else if (isSlash && text[i + 1] === "*") readBlockComment();
      else if (isSlash && readRegExp()) codeEnd = i;
      else if (char === '"' || char === "'") readString(char);
      else if (char === "`") readTemplate();
      else {
        if (char === "{") depth++;
        if (char === "}" && closing && depth-- === 0) return;
        i++;
        if (char.trim()) codeEnd = i;
      }
    }
  }

  function readLineComment(): void {
    const start = i;
    const end = text.indexOf("\n", i);
    i = end === -1 ? text.length : end;
    const body = text.slice(start + 2, i);
    const isAlone = /(^|\n)[ \t]*$/.test(
      text.slice(Math.max(0, start - 200), start),
    );
    const last = passages.at(-1);
    if (
      isAlone && last && commentEnd !== -1 &&
      /^\n[ \t]*$/.test(text.slice(commentEnd, start))
    ) last.text += `\n${body}`;
    else passages.push({ kind: "comment", line: lineOf(start), text: body });
    commentEnd = isAlone ? i : -1;
  }

  function readBlockComment(): void {
    const start = i;
    const end = text.indexOf("*/", i + 2);
    i = end === -1 ? text.length : end + 2;
    passages.push({
      kind: "comment",
      line: lineOf(start),
      text: text.slice(start + 2, i - 2).replace(/(^|\n)[ \t]*\*+/g, "$1"),
    });
    commentEnd = -1;
  }

  function readRegExp(): boolean {
    const before = text.slice(Math.max(0, codeEnd - 12), codeEnd);
    if (/[\w$)\]}"'`<]$/.test(before) && !OPERATOR_WORDS.test(before)) {
      return false;
    }
    const found = /^\/(?:\\.|\[(?:\\.|[^\]\n\\])*\]|[^/\n\\[])+\/\w*/
      .exec(text.slice(i, i + 2000));
    i += found?.[0].length ?? 0;
    return found !== null;
  }

  function readString(quote: string): void {
    const start = i;
    for (i++; i < text.length && text[i] !== quote; i++) {
      if (text[i] === "\\") i++;
      // An apostrophe in the text of JSX.
      if (text[i] === "\n") {
        codeEnd = i = start + 1;
        return;
      }
    }
    add(start, text.slice(start + 1, i++));
  }

  function readTemplate(): void {
    const start = i;
    const first = passages.length;
    let body = "";
    for (i++; i < text.length && text[i] !== "`";) {
      if (text[i] === "\\") body += text.slice(i, i += 2);
      else if (text[i] === "$" && text[i + 1] === "{") {
        const opening = i;
        lineOf(start);
        i += 2;
        codeEnd = i;
        readCode(true);
        body += `x${keepLines(text.slice(opening, ++i))}`;
      } else body += text[i++];
    }
    i++;
    const inner = passages.splice(first);
    add(start, body);
    passages.push(...inner);
  }

  function add(start: number, body: string): void {
    const isTest = TEST_CALL.test(
      text.slice(Math.max(0, start - 200), start),
    );
    codeEnd = i;
    if (!isTest && !/[a-z,;]\s+[a-z]/i.test(body)) return;
    commentEnd = -1;
    passages.push({
      kind: isTest ? "test name" : "string",
      line: countLines(start),
      text: body.replaceAll("\\n", "  "),
    });
  }

  function countLines(at: number): number {
    if (at >= lineAt) return lineOf(at);
    return line - (text.slice(at, lineAt).split("\n").length - 1);
  }

  readCode(false);
  return passages;
}

/** Reads the text between the tags of JSX. */
function readJsx(text: string): Passage[] {
  return [...text.matchAll(/[>}]([^<>{}=;]*\w\s+\w[^<>{}=;]*)(?=[<{])/g)].map((
    found,
  ) => ({
    kind: "heading",
    line: text.slice(0, found.index).split("\n").length,
    text: found[1]!,
  }));
}

/** Reads the paragraphs, list items, table cells and headings of Markdown. */
function readMarkdown(text: string): Passage[] {
  const passages: Passage[] = [];
  const lines = hideCode(text).split("\n");
  let open: Passage | undefined;
  function start(kind: Passage["kind"], index: number, body: string): void {
    passages.push(open = { kind, line: index + 1, text: body });
  }
  for (const [index, line] of lines.entries()) {
    const [, mark, body] = /^\s*(#{1,6} |[-*+] |\d+\. |>|\|)?(.*)$/.exec(line)!;
    if (mark === "|") {
      const isHeader = /^\s*\|[\s:|-]+$/.test(lines[index + 1] ?? "");
      for (const cell of body!.split("|")) {
        start(isHeader ? "heading" : "prose", index, cell);
      }
      open = undefined;
    } else if (mark?.startsWith("#")) {
      start("heading", index, body!);
      open = undefined;
    } else if (!line.trim()) open = undefined;
    else if (open && (!mark || mark === ">")) open.text += `\n${body}`;
    else start("prose", index, body!);
  }
  return passages;
}

function readSql(text: string): Passage[] {
  const strings = [...text.matchAll(/^(?!\s*--).*?\bis\s*'([^']+)'/gm)].map((
    found,
  ): Passage => ({
    kind: "string",
    line: text.slice(0, found.index).split("\n").length,
    text: found[1]!,
  }));
  return [...readLineComments(text, /^(.*?)--(.*)$/), ...strings];
}

function readHtml(text: string): Passage[] {
  const plain = text
    .replace(/<(style|script)\b[^]*?<\/\1>/g, keepLines)
    .replace(/<[^>]*>/g, keepLines);
  return [{ kind: "heading", line: 1, text: plain }];
}

/** Reads the values, such as the descriptions of an issue form. */
function readYaml(text: string): Passage[] {
  return [{
    kind: "heading",
    line: 1,
    text: text.replace(/(^|\s)#.*$/gm, "$1"),
  }];
}

function readShell(text: string): Passage[] {
  const strings = text.split("\n").flatMap((line, index): Passage[] =>
    /^\s*#/.test(line) ? [] : [...line.matchAll(/"([^"]* [^"]*)"/g)].map((
      [, body],
    ) => ({ kind: "string", line: index + 1, text: body! }))
  );
  return [...readHashComments(text), ...strings];
}

function readHashComments(text: string): Passage[] {
  return readLineComments(text, /^(|.*?\s)#(?!!)(.*)$/);
}

/** Reads comments that go to the end of the line; lines that hold nothing else are one comment. */
function readLineComments(text: string, pattern: RegExp): Passage[] {
  const passages: Passage[] = [];
  let open: Passage | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const [, code, body] = pattern.exec(line) ?? [];
    if (body === undefined) {
      open = undefined;
      continue;
    }
    const isAlone = !code!.trim();
    if (isAlone && open) {
      open.text += `\n${body}`;
      continue;
    }
    const passage: Passage = { kind: "comment", line: index + 1, text: body };
    passages.push(passage);
    open = isAlone ? passage : undefined;
  }
  return passages;
}
