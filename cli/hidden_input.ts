const ENTER = /[\r\n]/;
const BACKSPACE = /[\b\u007f]/;
const CANCEL = "\u0003";
const END = "\u0004";
const CLEAR = "\u0015";
/** Longer than any password or name. */
const MAX_LENGTH = 4096;

/** Where a line comes from: bytes, and where it is a terminal a mode in which nothing is shown. */
export interface Input {
  read(bytes: Uint8Array): Promise<number | null>;
  setRaw(mode: boolean): void;
}

/**
 * Asks at the terminal for what must not be seen: nothing of it is shown. `null` where it was
 * cancelled by Ctrl-C, or by Ctrl-D in an empty line.
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
    // Arrows and other keys send a sequence, of which no part is meant.
    // deno-lint-ignore no-control-regex -- this is how they begin
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

/** The first line of what comes through a pipe; `null` where nothing does. */
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
