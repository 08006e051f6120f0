import { startPostgres } from "../embedded_postgres/embedded_postgres.ts";
import { onInterruption } from "../embedded_postgres/interruption.ts";
import { restoreSecretsFile, sealSecretsFile } from "./backup/secrets_file.ts";
import { toPreface } from "./backup/preface.ts";
import type { Job, Needs, SecretsOptions } from "./command.ts";
import { readConfig } from "../server/config.ts";
import { runCommandLine } from "./command_line.ts";
import {
  DATA,
  type Environment,
  prepareEnvironment,
  withDatabase,
} from "./environment.ts";
import {
  findFileProblem,
  type OutputFileOptions,
  resolveFile,
  writeOutputFile,
} from "./export_file.ts";
import {
  spawnInteractive,
  spawnReader,
  spawnServer,
} from "./server_process.ts";
import { describeLocalFailure } from "./start_failure.ts";
import { spawnServers } from "./supervisor.ts";
import { openTerminal, sayLine } from "./terminal.ts";

// The process that provides what a command needs: settings, secrets, a PostgreSQL and files. It may
// do much, so it leaves the command itself to server/main.ts, which may do little.

/** Provides what a command needs, starts `server/main.ts`, and returns the exit code. */
async function launch(args: readonly string[], job: Job): Promise<number> {
  const { source } = job.needs;
  if (source) {
    const path = resolveFile(source.path);
    return await restoreFrom(
      path,
      source,
      () => provide(args, { job, sourcePath: path }),
    );
  }
  const file = job.needs.file && {
    ...job.needs.file,
    path: resolveFile(job.needs.file.path),
  };
  const fileProblem = file && await findFileProblem(file.path, file);
  if (fileProblem !== undefined) return fail(fileProblem, 2);
  if (!file) return await provide(args, { job });
  const { path, backup } = file;
  const preface = backup &&
    toPreface({ secrets: await sealSecretsFile(backup, openTerminal()) });
  return await provide(args, { job, output: { path, preface } });
}

/** Restores the secrets of a backup, then the rest. Removes them again if that fails. */
async function restoreFrom(
  path: string,
  secrets: SecretsOptions,
  restore: () => Promise<number>,
): Promise<number> {
  const undo = await restoreSecretsFile(path, secrets, openTerminal());
  let code = 1;
  try {
    return code = await restore();
  } finally {
    if (code !== 0) await undo();
  }
}

/** Files that the launcher reads or writes for a command. */
interface Files {
  /** The file that the command's stdout goes to. */
  output?: OutputFileOptions;
  /** The file that becomes the command's stdin. */
  sourcePath?: string;
}

/** Provides settings and a PostgreSQL, and runs the command. Returns the exit code. */
async function provide(
  args: readonly string[],
  { job, ...files }: Files & { job: Job },
): Promise<number> {
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
    ...files,
    env,
    lost: postgres?.lost,
    isServing: job.name === "serve" && !job.needs.watch,
  });
}

/** Runs the command until it ends, is interrupted, or loses its PostgreSQL. */
async function runCommand(
  args: readonly string[],
  { needs, output, sourcePath, env, lost, isServing }: Files & {
    needs: Needs;
    /**
     * Whether the command handles SIGINT, so that its log names the signal which the user sent. A
     * program in the background that does not handle it, ignores it.
     */
    isServing: boolean;
    env: Environment;
    lost: Promise<Error> | undefined;
  },
): Promise<number> {
  const { input = false, watch = false } = needs;
  const { processes } = readConfig((name) => env[name]);
  const server = input
    ? spawnInteractive(args, { env })
    : sourcePath !== undefined
    ? spawnReader([...args, "--from-stdin"], { env, path: sourcePath })
    : isServing && processes > 1
    ? spawnServers(args, { env, count: processes })
    : output === undefined
    ? spawnServer(args, {
      env: watch ? { ...env, PROCESSES: "1" } : env,
      watch,
    })
    : spawnServer([...args, "--to-stdout"], { env, output: "piped" });
  let isInterrupted = false;
  onInterruption((signal) => {
    isInterrupted = true;
    void server.stop(isServing && signal === "SIGINT" ? "INT" : undefined);
  });
  const ending = output === undefined
    ? server.status.then(({ code }) => code)
    : writeOutputFile(server, output);
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
