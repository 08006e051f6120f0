import { startPostgres } from "../embedded_postgres/embedded_postgres.ts";
import { onInterruption } from "../embedded_postgres/interruption.ts";
import type { Job, Needs } from "./command.ts";
import { runCommandLine } from "./command_line.ts";
import {
  DATA,
  type Environment,
  prepareEnvironment,
  withDatabase,
} from "./environment.ts";
import {
  findFileProblem,
  resolveFile,
  writeOutputFile,
} from "./export_file.ts";
import { spawnInteractive, spawnServer } from "./server_process.ts";
import { describeLocalFailure } from "./start_failure.ts";
import { sayLine } from "./terminal.ts";

// The process that provides what a command needs: settings, secrets, a PostgreSQL and files. It may
// do much, so it leaves the command itself to server/main.ts, which may do little.

/** Provides what a command needs, starts `server/main.ts`, and returns the exit code. */
async function launch(args: readonly string[], job: Job): Promise<number> {
  const file = job.needs.file && {
    path: resolveFile(job.needs.file.path),
    force: job.needs.file.force,
  };
  const fileProblem = file && await findFileProblem(file.path, file);
  if (fileProblem !== undefined) return fail(fileProblem, 2);
  const env = await prepareEnvironment();
  if ("problem" in env) return fail(env["problem"]!);
  if (job.needs.database === false) {
    const options = { env: withDatabase(env) };
    return (await spawnServer(args, options).status).code;
  }
  await using postgres = env["DATABASE_URL"] || env["POSTGRES_HOST"]
    ? undefined
    : await startPostgres({ dir: `${DATA}/postgres`, log: sayLine });
  if (postgres) env["DATABASE_URL"] = postgres.url;
  if (postgres?.owned === false && job.name === "serve") {
    sayLine("Using the PostgreSQL that another process has started");
  }
  return await runCommand(args, {
    needs: job.needs,
    path: file?.path,
    env,
    lost: postgres?.lost,
    isServing: job.name === "serve" && !job.needs.watch,
  });
}

/** Runs the command until it ends, is interrupted, or loses its PostgreSQL. */
async function runCommand(
  args: readonly string[],
  { needs, path, env, lost, isServing }: {
    needs: Needs;
    /**
     * Whether the command handles SIGINT, so that its log names the signal which the user sent. A
     * program in the background that does not handle it, ignores it.
     */
    isServing: boolean;
    /** The file that the command's stdout goes to. */
    path: string | undefined;
    env: Environment;
    lost: Promise<Error> | undefined;
  },
): Promise<number> {
  const { input = false, watch = false } = needs;
  const server = input
    ? spawnInteractive(args, { env })
    : path === undefined
    ? spawnServer(args, { env, watch })
    : spawnServer([...args, "--to-stdout"], { env, output: "piped" });
  let isInterrupted = false;
  onInterruption((signal) => {
    isInterrupted = true;
    void server.stop(isServing && signal === "SIGINT" ? "INT" : undefined);
  });
  const ending = path === undefined
    ? server.status.then(({ code }) => code)
    : writeOutputFile(server, path);
  const end = await Promise.race([ending, ...lost ? [lost] : []]);
  if (end instanceof Error) {
    await server.stop();
    await ending;
    return fail(end.message);
  }
  // A watcher does not end when asked and is killed: after an interrupt that is no failure.
  return watch && isInterrupted ? 0 : end;
}

function fail(problem: string, code = 1): number {
  sayLine(problem);
  return code;
}

/** Runs a job and reports a failure as a sentence. */
async function execute(job: Job): Promise<number> {
  try {
    return await launch(Deno.args, job);
  } catch (error) {
    return fail(describeLocalFailure(error, DATA));
  }
}

Deno.exit(await runCommandLine(Deno.args, { execute }));
