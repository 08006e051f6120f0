import { startPostgres } from "../embedded_postgres/embedded_postgres.ts";
import { restoreSecretsFile, sealSecretsFile } from "./backup/secrets_file.ts";
import { toPreface } from "./backup/preface.ts";
import type { Job, SecretsOptions } from "./command.ts";
import { runCommandLine } from "./command_line.ts";
import {
  DATA,
  prepareEnvironment,
  toRoles,
  withDatabase,
} from "./environment.ts";
import {
  findCallerFolder,
  findFileProblem,
  resolveFile,
} from "./export_file.ts";
import { fail, type Files, runJob } from "./run_job.ts";
import { spawnServer } from "./server_process.ts";
import { describeLocalFailure } from "./start_failure.ts";
import { openTerminal, sayLine } from "./terminal.ts";
import { prepareWebApp } from "./web_app.ts";

// The process that provides what a command needs: settings, secrets, a PostgreSQL and files. It may
// do much, so it leaves the command itself to server/main.ts, which may do little.

/** Provides what a command needs, starts `server/main.ts`, and returns the exit code. */
async function launch(args: readonly string[], job: Job): Promise<number> {
  const { source, reads } = job.needs;
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
  if (reads) {
    const access = { paths: reads.map(resolveFile), base: findCallerFolder() };
    return await provide(args, { job, reads: access });
  }
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

/** Provides settings and a PostgreSQL, and runs the command. Returns the exit code. */
async function provide(
  args: readonly string[],
  { job, ...files }: Files & { job: Job },
): Promise<number> {
  const env = await prepareEnvironment();
  if ("problem" in env) return fail(env["problem"]!);
  if (job.name === "serve") await prepareWebApp(sayLine);
  if (job.needs.database === false) {
    const options = { env: withDatabase(env) };
    return (await spawnServer(args, options).status).code;
  }
  await using postgres = env["DATABASE_URL"] || env["POSTGRES_HOST"]
    ? undefined
    : await startPostgres({ dir: `${DATA}/postgres`, log: sayLine });
  if (postgres) Object.assign(env, toRoles(postgres.url));
  if (postgres?.owned === false && job.name === "serve") {
    sayLine("Using the PostgreSQL that another process has started");
  }
  return await runJob(args, { job, ...files, env, lost: postgres?.lost });
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
