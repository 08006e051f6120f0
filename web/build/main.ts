import { buildWebApp } from "./build.ts";

const HELP = `Builds the web app into web/dist, from where the server serves it

Usage: deno task web:build [--quiet]

Does nothing if the app is built and its sources have not changed. 'start', 'dev' and 'demo' do the
same, so this is only needed before an image is made.

  --quiet   print only that a build begins, and why it fails
`;

function write(stream: typeof Deno.stdout, text: string): void {
  stream.writeSync(new TextEncoder().encode(`${text}\n`));
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    write(Deno.stdout, HELP);
    return 0;
  }
  const unknown = args.find((each) => each !== "--quiet");
  if (unknown !== undefined) {
    write(Deno.stderr, `Unknown option: ${unknown}\n\n${HELP}`);
    return 2;
  }
  try {
    await buildWebApp({ say: (line) => write(Deno.stdout, line) });
  } catch (error) {
    write(Deno.stderr, error instanceof Error ? error.message : String(error));
    return 1;
  }
  if (!args.includes("--quiet")) {
    write(Deno.stdout, "The web app is in web/dist");
  }
  return 0;
}

Deno.exit(await main(Deno.args));
