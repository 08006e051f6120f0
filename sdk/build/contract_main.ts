import { AppError, REASONS } from "../../server/errors.ts";
import { TAGS } from "../../server/openapi/document.ts";
import { appRouter } from "../../server/router.ts";
import { renderContract } from "./contract.ts";

const FILE = "sdk/contract.gen.ts";
const USAGE = `Usage: deno task sdk:contract [--check]

Generates ${FILE} from the procedures. With --check, writes nothing and fails if the file is out of
date.
`;

/** Writes the contract, or checks it. Returns the exit code. */
async function main(args: string[]): Promise<number> {
  if (args.some((arg) => arg !== "--check")) return fail(USAGE);
  const contract = await format(renderContract({
    router: appRouter,
    descriptions: TAGS,
    reasons: Object.fromEntries(
      REASONS.map((reason) => [reason, new AppError(reason).message]),
    ),
  }));
  const path = new URL(`../../${FILE}`, import.meta.url);
  if (!args.includes("--check")) {
    await Deno.writeTextFile(path, contract);
    return 0;
  }
  if (await Deno.readTextFile(path).catch(() => "") === contract) return 0;
  return fail(
    `${FILE} is out of date: run 'deno task sdk:contract', review the difference, and commit it`,
  );
}

function fail(message: string): number {
  // deno-lint-ignore no-console -- the output of a command
  console.error(message);
  return 1;
}

async function format(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=ts", "--no-config", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout } = await output;
  if (!success) {
    throw new Error("The generated contract is not valid TypeScript");
  }
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
