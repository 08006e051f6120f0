import { createOpenApiDocument } from "./document.ts";
import { renderReference } from "./reference.ts";

const DOCUMENT = "docs/openapi.json";
const REFERENCE = "docs/api.md";
const USAGE = `Usage: deno task openapi [--check]

Generates ${DOCUMENT} and ${REFERENCE} from the procedures. With --check, writes nothing and fails if
a file is out of date.
`;

/** Writes the generated files, or checks them. Returns the exit code. */
async function main(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    // deno-lint-ignore no-console -- the output of a command
    console.log(USAGE);
    return 0;
  }
  if (args.some((arg) => arg !== "--check")) return fail(USAGE, 2);
  // The page is rendered from the document as a client gets it.
  const text = JSON.stringify(createOpenApiDocument(), null, 2) + "\n";
  const files = {
    [DOCUMENT]: text,
    [REFERENCE]: renderReference(JSON.parse(text)),
  };
  let code = 0;
  for (const [file, content] of Object.entries(files)) {
    const path = new URL(`../../${file}`, import.meta.url);
    const written = await readFile(path);
    if (written === content) continue;
    if (args.includes("--check")) {
      code = fail(toDifference(file, written, content));
    } else await Deno.writeTextFile(path, content);
  }
  return code;
}

async function readFile(path: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function toDifference(
  file: string,
  written: string | undefined,
  content: string,
): string {
  if (written === undefined) {
    return `${file} is missing: run 'deno task openapi' and commit it`;
  }
  const lines = content.split("\n");
  const line =
    written.split("\n").findIndex((each, index) => each !== lines[index]) + 1;
  return `${file} is out of date from line ${line}: run 'deno task openapi', review the difference, and commit it`;
}

function fail(message: string, code = 1): number {
  // deno-lint-ignore no-console -- the output of a command
  console.error(message);
  return code;
}

Deno.exit(await main(Deno.args));
