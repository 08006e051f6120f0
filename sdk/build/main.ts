import { build } from "./build.ts";

const USAGE = `Usage: deno task sdk:build

Builds the package into sdk/dist/package and packs it into sdk/dist.
`;

async function main(args: string[]): Promise<number> {
  if (args.length > 0) {
    say(USAGE);
    return args.includes("--help") ? 0 : 2;
  }
  const { tarball } = await build();
  const { size } = await Deno.stat(tarball);
  say(`${tarball}, ${(size / 1024).toFixed(1)} KiB`);
  return 0;
}

function say(text: string): void {
  // deno-lint-ignore no-console -- the output of a command
  console.log(text);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
