import { type Config, ConfigError, readConfig } from "./config.ts";
import { serve } from "./serve.ts";
import { describeDatabaseFailure } from "./start_failure.ts";
import { syncFromShell } from "./sync_command.ts";

const USAGE = `Usage: main.ts [serve | sync]

  serve   answers requests and syncs on a schedule, until SIGINT or SIGTERM
  sync    syncs every connected athlete once and ends: 0 where all went well
`;

/** Runs the command; the exit code says whether it went well. */
async function main([command = "serve"]: string[]): Promise<number> {
  if (command !== "serve" && command !== "sync") {
    return fail(USAGE, 2);
  }
  let config: Config | undefined;
  try {
    const terminal = Deno.stdout.isTerminal();
    config = readConfig((name) => Deno.env.get(name), { terminal });
    if (command === "sync") return await syncFromShell(config) ? 0 : 1;
    await serve(config);
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) return fail(error.message);
    if (config && error instanceof Deno.errors.AddrInUse) {
      const { port } = config;
      return fail(
        `Port ${port} is taken: set PORT to another, such as PORT=${port + 1}`,
      );
    }
    const sentence = config &&
      describeDatabaseFailure(error, config.databaseUrl);
    return fail(sentence ?? `Cannot ${command}: ${Deno.inspect(error)}`);
  }
}

function fail(message: string, code = 1): number {
  // deno-lint-ignore no-console -- there is no log before there is a configuration
  console.error(message);
  return code;
}

// The driver may reject what nobody awaits when PostgreSQL ends a connection: no reason to end.
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  fail(`Nobody awaited: ${Deno.inspect(event.reason)}`);
});

Deno.exit(await main(Deno.args));
