import { onInterruption } from "../embedded_postgres/interruption.ts";
import { readConfig } from "../server/config.ts";
import type { Job, Needs } from "./command.ts";
import { type Environment, hasOwner, withoutOwner } from "./environment.ts";
import { type OutputFileOptions, writeOutputFile } from "./export_file.ts";
import {
  type ReadAccess,
  spawnInteractive,
  spawnReader,
  spawnServer,
} from "./server_process.ts";
import { spawnServers } from "./supervisor.ts";
import { sayLine } from "./terminal.ts";

/** Files that the launcher reads or writes for a command. */
export interface Files {
  /** The file that the command's stdout goes to. */
  output?: OutputFileOptions;
  /** The file that becomes the command's stdin. */
  sourcePath?: string;
  /** Paths that the command reads itself. */
  reads?: ReadAccess | undefined;
}

/** Settings of a command, and the loss of the PostgreSQL that the launcher has started for it. */
interface Surroundings {
  env: Environment;
  lost?: Promise<Error> | undefined;
}

/**
 * Runs a job until it ends, is interrupted, or loses its PostgreSQL. Returns the exit code.
 *
 * The server does not get the password of the database's owner: a separate process migrates first. A
 * server that restarts when a source file changes gets it, because a migration may be that change.
 */
export async function runJob(
  args: readonly string[],
  { job: { name, needs }, env, lost, ...files }: Files & Surroundings & {
    job: Pick<Job, "name" | "needs">;
  },
): Promise<number> {
  const isServing = name === "serve" && !needs.watch;
  if (!isServing || !hasOwner(env)) {
    return await runCommand(args, { needs, ...files, env, lost, isServing });
  }
  const code = await runCommand(["database", "migrate", "--quiet"], {
    needs: {},
    env,
    lost,
    isServing: false,
  });
  if (code !== 0) return code;
  env = withoutOwner(env);
  return await runCommand(args, { needs, env, lost, isServing });
}

/** Runs the command until it ends, is interrupted, or loses its PostgreSQL. */
async function runCommand(
  args: readonly string[],
  { needs, output, sourcePath, reads, env, lost, isServing }:
    & Files
    & Surroundings
    & {
      needs: Needs;
      /**
       * True for a command that handles SIGINT: it gets the signal that the user sent, and its log
       * names it. A program in the background that does not handle SIGINT ignores it.
       */
      isServing: boolean;
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
    : reads !== undefined
    ? spawnServer([...args, `--base=${reads.base}`], {
      env,
      reads: reads.paths,
    })
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

/** Reports a problem to the person, and returns an exit code. */
export function fail(problem: string, code = 1): number {
  sayLine(problem);
  return code;
}
