const ENTER = /[\r\n]/;
const BACKSPACE = /[\b\u007f]/;
const CANCEL = "\u0003";
const END = "\u0004";
const CLEAR = "\u0015";
/** Longer than any password or name. */
const MAX_LENGTH = 4096;

/** A source of bytes. A terminal also has a raw mode, in which it does not show what is typed. */
export interface Input {
  read(bytes: Uint8Array): Promise<number | null>;
  setRaw(mode: boolean): void;
}

/**
 * Asks at the terminal without showing the answer. Returns `null` after Ctrl-C, or after Ctrl-D in
 * an empty line.
 */
export async function askHidden(
  question: string,
  { input, say }: { input: Input; say: (text: string) => void },
): Promise<string | null> {
  say(`${question} `);
  input.setRaw(true);
  try {
    return await readTyped(input);
  } finally {
    input.setRaw(false);
    say("\n");
  }
}

async function readTyped(input: Input): Promise<string | null> {
  const decoder = new TextDecoder();
  const bytes = new Uint8Array(256);
  let typed: string[] = [];
  for (;;) {
    const length = await input.read(bytes);
    if (length === null) return null;
    const text = decoder.decode(bytes.subarray(0, length), { stream: true });
    // Arrows and other keys send an escape sequence: it is no part of the answer.
    // deno-lint-ignore no-control-regex -- escape sequences begin with a control character
    for (const sign of text.replaceAll(/\u001b[[O]?[\d;]*[\w~]?/g, "")) {
      if (ENTER.test(sign)) return typed.join("");
      if (sign === CANCEL) return null;
      if (sign === END && typed.length === 0) return null;
      if (sign === CLEAR) typed = [];
      else if (BACKSPACE.test(sign)) typed.pop();
      else if (!/\p{Cc}/u.test(sign)) typed.push(sign);
    }
  }
}

/** Reads the first line of a pipe; `null` if it is empty. */
export async function readLine(
  input: Pick<Input, "read">,
): Promise<string | null> {
  const decoder = new TextDecoder();
  const bytes = new Uint8Array(256);
  let text = "";
  while (!text.includes("\n") && text.length < MAX_LENGTH) {
    const length = await input.read(bytes);
    if (length === null) break;
    text += decoder.decode(bytes.subarray(0, length), { stream: true });
  }
  text += decoder.decode();
  return text === "" ? null : text.split("\n", 1)[0]!.replace(/\r$/, "");
}
