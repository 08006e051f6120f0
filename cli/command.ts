import {
  type ApplicationContext,
  type BaseArgs,
  buildCommand,
  type Command,
  type CommandBuilderArguments,
} from "@stricli/core";
import type { Config } from "../server/config.ts";
import type { Terminal } from "./terminal.ts";

/** Whether the secrets of .data/ belong to a backup, and a file with their passphrase. */
export interface SecretsOptions {
  withSecrets: boolean;
  passphraseFile: string | undefined;
}

/** A file that a command writes. */
export interface OutputFile {
  path: string;
  force: boolean;
  /** Present if the file is a backup. */
  backup?: SecretsOptions;
}

/** A backup that a command reads. */
export interface BackupSource extends SecretsOptions {
  path: string;
}

/** Requirements of a command, which the launcher must provide. */
export interface Needs {
  /** A database. False for commands that only talk to Strava. Default: true. */
  database?: boolean;
  /** The owner of the database instead of the role that serves. Default: false. */
  owner?: boolean;
  /** Our stdin, because the command asks questions or reads a password. Default: false. */
  input?: boolean;
  /** A restart whenever a source file changes. Default: false. */
  watch?: boolean;
  /** A file for the command's stdout. The command itself may not write files. */
  file?: OutputFile | undefined;
  /** Files and folders that the command reads itself. It may read nothing else. */
  reads?: readonly string[] | undefined;
  /** A backup for the command's stdin. The command itself may not read files. */
  source?: BackupSource | undefined;
}

/** The settings and the terminal of a command. */
export interface Shell {
  config: Config;
  terminal: Terminal;
}

/** A command with its arguments: valid, and ready to run. */
export interface Job {
  /** The words of the command, such as "user create". */
  name: string;
  needs: Needs;
  /** Runs the command and returns its exit code. */
  run: (shell: Shell) => Promise<number>;
}

/** The process that reads the command line, and its way to run a command. */
export interface Context extends ApplicationContext {
  /** The words of the command. */
  name: string;
  /** Whether stdout is a terminal. */
  isTerminal: boolean;
  /** Runs a job, or starts the process that does, and returns the exit code. */
  execute: (job: Job) => Promise<number>;
}

/** A command line that the options alone do not rule out, such as two that exclude each other. */
export class UsageError extends Error {}

/** The definition of a command: its help, its arguments, what it needs, and what it does. */
export interface CommandDefinition<
  Flags extends Readonly<Partial<Record<keyof Flags, unknown>>>,
  Args extends BaseArgs,
> {
  brief: string;
  /** The help of the command; default: `brief`. */
  description?: string;
  parameters: CommandBuilderArguments<Flags, Args, Context>["parameters"];
  /** Returns what is wrong with the options as a sentence. */
  findProblem?: (
    flags: Flags,
    context: Pick<Context, "isTerminal">,
    ...args: Args
  ) => string | undefined;
  needs?: (flags: Flags, ...args: Args) => Needs;
  run: (shell: Shell, flags: Flags, ...args: Args) => Promise<number>;
}

/**
 * Defines a command. Every process that reads a command line checks it the same way; what runs the
 * command afterwards is up to the context.
 */
export function defineCommand<
  Flags extends Readonly<Partial<Record<keyof Flags, unknown>>>,
  Args extends BaseArgs = [],
>(
  { brief, description, parameters, findProblem, needs, run }:
    CommandDefinition<Flags, Args>,
): Command<Context> {
  return buildCommand<Flags, Args, Context>({
    docs: {
      brief,
      ...description !== undefined && { fullDescription: description },
    },
    parameters,
    async func(flags, ...args) {
      const problem = findProblem?.(flags, this, ...args);
      if (problem !== undefined) return new UsageError(problem);
      this.process.exitCode = await this.execute({
        name: this.name,
        needs: needs?.(flags, ...args) ?? {},
        run: (shell) => run(shell, flags, ...args),
      });
      return undefined;
    },
  });
}
