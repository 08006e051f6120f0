import { askHidden, readLine } from "./hidden_input.ts";

/** Input and output of a command. */
export interface Terminal {
  /** Whether a person reads stdout. */
  isInteractive: boolean;
  /** Asks for a line and returns `null` if that is cancelled. Undefined unless stdin is a terminal. */
  ask: ((question: string) => string | null) | undefined;
  /** Asks for a line without showing it. */
  askHidden: (question: string) => Promise<string | null>;
  /** Reads the first line of a stdin that is not a terminal; `null` if it is empty. */
  readLine: () => Promise<string | null>;
  /** Writes a line to stderr, for the person. */
  say: (line: string) => void;
  /** Writes a line to stdout: a result that may go through a pipe. */
  print: (line: string) => void;
  /** Whether a person reads stderr, and so wants to see progress. */
  showsProgress: boolean;
  /** Returns the bytes of stdin. */
  input: () => AsyncIterable<Uint8Array>;
  /** Writes to stdout and waits until the content is taken. */
  write: (content: string | Uint8Array) => Promise<void>;
}

/** Returns the terminal of this process. */
export function openTerminal(): Terminal {
  const input = Deno.stdin;
  return {
    isInteractive: Deno.stdout.isTerminal(),
    ask: input.isTerminal() ? prompt : undefined,
    askHidden: (question) => askHidden(question, { input, say: showPrompt }),
    readLine: () => readLine(input),
    say: sayLine,
    print: printLine,
    showsProgress: Deno.stderr.isTerminal(),
    input: () => input.readable,
    write,
  };
}

/** Writes a line to stderr. */
export function sayLine(line: string): void {
  // deno-lint-ignore no-console -- for the person at the terminal
  console.error(line);
}

/** Writes a line to stdout. */
export function printLine(line: string): void {
  // deno-lint-ignore no-console -- the command's result
  console.log(line);
}

/** Writes a question to stderr, so that stdout holds only the result. */
function showPrompt(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

async function write(content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  for (let at = 0; at < bytes.length;) {
    at += await Deno.stdout.write(bytes.subarray(at));
  }
}
