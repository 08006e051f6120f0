import { createOpenApiDocument } from "./document.ts";

const FILE = "docs/openapi.json";
const USAGE = `Usage: deno task openapi [--check]

Writes ${FILE} from the procedures. With --check it writes nothing and fails where the file is not
what the procedures say.
`;

/** Writes the document, or checks that it is written; the exit code says whether all is well. */
async function main(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    // deno-lint-ignore no-console -- what was asked for
    console.log(USAGE);
    return 0;
  }
  if (args.some((arg) => arg !== "--check")) return fail(USAGE, 2);
  const path = new URL(`../../${FILE}`, import.meta.url);
  const document = JSON.stringify(createOpenApiDocument(), null, 2) + "\n";
  const written = await readFile(path);
  if (written === document) return 0;
  if (!args.includes("--check")) {
    await Deno.writeTextFile(path, document);
    return 0;
  }
  return fail(
    written === undefined
      ? `${FILE} is missing: run 'deno task openapi' and commit it`
      : `${FILE} is not what the procedures say, from line ${
        findDifference(written, document)
      } on: run 'deno task openapi', read the difference, and commit it`,
  );
}

async function readFile(path: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The first line that differs, counted from 1. */
function findDifference(a: string, b: string): number {
  const lines = b.split("\n");
  return a.split("\n").findIndex((line, index) => line !== lines[index]) + 1;
}

function fail(message: string, code = 1): number {
  // deno-lint-ignore no-console -- a command's own output
  console.error(message);
  return code;
}

Deno.exit(await main(Deno.args));
