import { type Config, ConfigError, readConfig } from "./config.ts";
import type { Job } from "../cli/command.ts";
import { runCommandLine } from "../cli/command_line.ts";
import { describeDatabaseFailure } from "../cli/start_failure.ts";
import { readSecretFiles } from "../cli/secret_files.ts";
import { openTerminal, sayLine } from "../cli/terminal.ts";

// The process that serves and runs the other commands, with few permissions: it reads its settings and
// reaches the network. cli/launch.ts starts it, and so does cli/paceline in the image. Without a command it serves.

/** Runs a command and returns its exit code. */
async function execute({ name, needs, run }: Job): Promise<number> {
  let config: Config | undefined;
  try {
    const terminal = Deno.stdout.isTerminal();
    const get = (name: string): string | undefined => Deno.env.get(name);
    const files = await readSecretFiles(get);
    config = readConfig((name) => files[name] ?? get(name), { terminal });
    return await run({ config, terminal: openTerminal() });
  } catch (error) {
    sayLine(describeFailure(error, { name, needs, config }));
    return 1;
  }
}

function describeFailure(
  error: unknown,
  { name, needs, config }: Pick<Job, "name" | "needs"> & {
    config: Config | undefined;
  },
): string {
  if (error instanceof ConfigError) return error.message;
  if (config && error instanceof Deno.errors.AddrInUse) {
    const { port } = config;
    return `Port ${port} is in use: set PORT to another one, such as PORT=${
      port + 1
    }`;
  }
  const sentence = config &&
    describeDatabaseFailure(error, config, { isOwner: needs.owner === true });
  return sentence ?? `Cannot ${name}: ${Deno.inspect(error)}`;
}

// The database driver may reject a promise that nobody awaits when PostgreSQL closes a connection.
// That must not end the server.
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  sayLine(`Unhandled rejection: ${Deno.inspect(event.reason)}`);
});

const args = Deno.args.length > 0 ? Deno.args : ["serve"];
Deno.exit(await runCommandLine(args, { execute, program: "paceline" }));
