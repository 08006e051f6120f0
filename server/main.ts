import { type Config, ConfigError, readConfig } from "./config.ts";
import { type CommandLine, readCommandLine } from "../cli/command_line.ts";
import { eraseFromShell } from "../cli/erase.ts";
import { exportFromShell } from "../cli/export.ts";
import { runKeyCommand } from "../cli/key.ts";
import { serve } from "./serve.ts";
import { askHidden, readLine } from "../cli/hidden_input.ts";
import { describeDatabaseFailure } from "../cli/start_failure.ts";
import { syncFromShell } from "../cli/sync.ts";
import { runUserCommand } from "../cli/user.ts";
import { runWebhookCommand } from "../cli/webhook.ts";

const USAGE =
  `Usage: main.ts [serve | sync | webhook | key | export | erase | user]

  serve                          answers requests and syncs on a schedule, until SIGINT or SIGTERM
  sync [--full]                  syncs every connected athlete once and ends: 0 where all went well
  webhook create|view|delete     looks after the subscription to Strava's push events
  key create|list|revoke         looks after a user's API keys; --user names the user
  export [--athlete id]          writes all that is kept of an athlete to stdout, as lines of JSON,
                                 or with --user all that is kept of a user
  erase [--athlete id] [--yes]   ends the grant at Strava and deletes all that is kept of an athlete,
                                 or with --user a user's account and everything of it
  user create|list|...           looks after the accounts; deno task user --help
`;

/** Runs the command; the exit code says whether it went well. */
async function main(args: string[]): Promise<number> {
  const line = readCommandLine(args);
  if ("problem" in line) return fail(`${line.problem}\n\n${USAGE}`, 2);
  const { command } = line;
  let config: Config | undefined;
  try {
    const terminal = Deno.stdout.isTerminal();
    config = readConfig((name) => Deno.env.get(name), { terminal });
    if (command === "sync") return await syncFromShell(config, line) ? 0 : 1;
    if (command === "webhook") {
      return await runWebhookCommand(config, line.action) ? 0 : 1;
    }
    if (command === "key") {
      return await runKeyCommand(config, { line: line.key, write, say });
    }
    if (command === "export") return await runExport(config, line);
    if (command === "erase") {
      const ask = Deno.stdin.isTerminal() ? prompt : undefined;
      return await eraseFromShell(config, { ...line, ask, say });
    }
    if (command === "user") return await runUser(config, line);
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

async function runExport(
  config: Config,
  { athleteId, user, output, force }: Extract<
    CommandLine,
    { command: "export" }
  >,
): Promise<number> {
  if ((output !== undefined && output !== "-") || force) {
    return fail("This process may not write files: redirect its output", 2);
  }
  if (output === undefined && Deno.stdout.isTerminal()) {
    return fail(
      "Name a file with --output, or - to have it on the terminal",
      2,
    );
  }
  return await exportFromShell(config, { athleteId, user, write, say });
}

async function runUser(
  config: Config,
  { user }: Extract<CommandLine, { command: "user" }>,
): Promise<number> {
  const input = Deno.stdin;
  return await runUserCommand(config, user, {
    ask: input.isTerminal() ? prompt : undefined,
    askHidden: (question) => askHidden(question, { input, say: showPrompt }),
    readLine: () => readLine(input),
    say,
    // deno-lint-ignore no-console -- the command's result
    print: (line) => console.log(line),
  });
}

/** Without an end of the line; beside what is written. */
function showPrompt(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

async function write(text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    at += await Deno.stdout.write(bytes.subarray(at));
  }
}

function say(line: string): void {
  // deno-lint-ignore no-console -- beside what is written
  console.error(line);
}

function fail(message: string, code = 1): number {
  say(message);
  return code;
}

// The driver may reject what nobody awaits when PostgreSQL ends a connection: no reason to end.
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  fail(`Nobody awaited: ${Deno.inspect(event.reason)}`);
});

Deno.exit(await main(Deno.args));
