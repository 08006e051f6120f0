import { resolve } from "node:path";
import { ConfigError } from "../server/config.ts";
import type { Job } from "./command.ts";
import { runCommandLine } from "./command_line.ts";
import { readVariables, withDatabase } from "./environment.ts";
import { fail, runJob } from "./run_job.ts";

// The launcher of the image, where the settings are variables and secrets are files. It gives the server
// the permission for the hosts of the settings only, and starts no PostgreSQL. It cannot write files, nor
// read any but secrets, so `backup` and `restore` use pipes: server/main.ts refuses names of files.

const args = Deno.args.length > 0 ? Deno.args : ["serve"];

/** Runs a job in the process that may do little, and returns the exit code. */
async function execute(job: Job): Promise<number> {
  try {
    const env = await readVariables();
    const { database = true } = job.needs;
    const { reads } = job.needs;
    return await runJob(args, {
      job,
      // The paths are those inside the container.
      reads: reads && {
        paths: reads.map((path) => resolve("/", path)),
        base: "/",
      },
      env: database ? env : withDatabase(env),
    });
  } catch (error) {
    if (error instanceof ConfigError) return fail(error.message);
    throw error;
  }
}

Deno.exit(await runCommandLine(args, { execute, program: "paceline" }));
