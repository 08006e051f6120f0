import { createChecker, parseRules } from "./find_phrases.ts";

/** Rules that a maintainer edits. */
const LIST = `${import.meta.dirname}/banned_phrases.txt`;

const HELP =
  `Reports phrases that make comments, test names, messages and docs hard to read

Usage: deno task prose [files or folders]

Checks what git knows or would add below the current folder, or only what is given.
Prints "file:line: phrase -> suggestion" for each finding. Exit code: 0 when there are none, 1 when
there are some, 2 on wrong usage.

The phrases are in tests/prose/banned_phrases.txt. Text in backticks counts as code and is skipped.
`;

/** Files that are generated or quoted, and those that have to contain the phrases. */
const SKIPPED =
  /(^|\/)(docs\/openapi\.json|[^/]*\.gen\.ts|deno\.lock|package-lock\.json|LICENSE|CODE_OF_CONDUCT\.md|tests\/prose\/(prose_test\.ts|banned_phrases\.txt))$/;

/** Lists the files that git knows or would add, relative to the current folder. */
async function listFiles(paths: readonly string[]): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
      .concat("--", paths),
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr).trim());
  return [...new Set(decoder.decode(stdout).split("\0"))].filter(Boolean);
}

/** Reads a file; undefined if it was deleted, or if it is a link or a folder. */
async function readFile(path: string): Promise<string | undefined> {
  const info = await Deno.lstat(path).catch(() => undefined);
  return info?.isFile ? await Deno.readTextFile(path) : undefined;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    await write(Deno.stdout, HELP);
    return 0;
  }
  const option = args.find((each) => each.startsWith("-"));
  if (option !== undefined) {
    await write(Deno.stderr, `Unknown option "${option}"\n\n${HELP}`);
    return 2;
  }
  const files = await listFiles(args);
  if (files.length === 0) {
    await write(Deno.stderr, `No file matches: ${args.join(" ")}\n`);
    return 2;
  }
  const check = createChecker(parseRules(await Deno.readTextFile(LIST)));
  const lines: string[] = [];
  for (const file of files) {
    if (SKIPPED.test(file)) continue;
    const text = await readFile(file);
    if (text === undefined) continue;
    for (const { line, phrase, suggestion } of check(file, text)) {
      lines.push(`${file}:${line}: ${phrase} -> ${suggestion}\n`);
    }
  }
  await write(Deno.stdout, lines.join(""));
  if (lines.length === 0) return 0;
  await write(
    Deno.stderr,
    `\n${lines.length} phrases to rewrite. The list is ${LIST}\n`,
  );
  return 1;
}

async function write(
  { writable }: { writable: WritableStream<Uint8Array> },
  text: string,
): Promise<void> {
  const writer = writable.getWriter();
  await writer.write(new TextEncoder().encode(text));
  writer.releaseLock();
}

if (import.meta.main) Deno.exit(await main(Deno.args));
