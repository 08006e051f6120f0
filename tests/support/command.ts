import { runCommandLine } from "../../cli/command_line.ts";
import type { Job } from "../../cli/command.ts";
import type { Terminal } from "../../cli/terminal.ts";
import type { TestApp } from "./app.ts";

/** Answers of the person at the terminal, or of the pipe. */
export interface Answers {
  /** Lines typed at the terminal; `null` is Ctrl-D. Without them stdin is not a terminal. */
  typed?: (string | null)[];
  /** Lines typed without being shown. */
  hidden?: (string | null)[];
  /** The first line of stdin if that is a pipe. */
  piped?: string | null;
  /** All bytes of stdin. */
  input?: Uint8Array;
}

/** Result of a command. */
export interface Result {
  code: number;
  /** Stdout. */
  printed: string;
  /** The bytes that were written to stdout. */
  bytes: Uint8Array;
  /** Stderr, with the questions. */
  said: string;
  /** The questions alone. */
  asked: string[];
}

/** Runs a command in this process, as `server/main.ts` does, on the test's database and Strava. */
export async function runCommand(
  { config }: TestApp,
  args: readonly string[],
  answers: Answers = {},
): Promise<Result> {
  const result: Result = {
    code: 0,
    printed: "",
    bytes: new Uint8Array(),
    said: "",
    asked: [],
  };
  const terminal = createTerminal(result, answers);
  result.code = await runCommandLine(args, {
    isTerminal: false,
    execute: (job) => job.run({ config, terminal }),
  });
  result.said = result.said.trimEnd();
  return result;
}

/** Returns the job that a command line asks for; fails if it is not valid. */
export async function parseJob(args: readonly string[]): Promise<Job> {
  const jobs: Job[] = [];
  const code = await runCommandLine(args, {
    isTerminal: false,
    execute(job) {
      jobs.push(job);
      return Promise.resolve(0);
    },
  });
  if (!jobs[0]) throw new Error(`${args.join(" ")}: exit code ${code}`);
  return jobs[0];
}

function createTerminal(
  result: Result,
  { typed, hidden = [], piped = null, input }: Answers,
): Terminal {
  const say = (line: string): void => void (result.said += `${line}\n`);
  const ask = (question: string): void => {
    say(question);
    result.asked.push(question);
  };
  return {
    isInteractive: false,
    ask: typed && ((question) => {
      ask(question);
      return typed.shift() ?? null;
    }),
    askHidden(question) {
      ask(question);
      return Promise.resolve(hidden.shift() ?? null);
    },
    readLine: () => Promise.resolve(piped),
    say,
    print: (line) => void (result.printed += `${line}\n`),
    showsProgress: false,
    async *input() {
      if (input) yield input;
    },
    write(content) {
      if (typeof content === "string") result.printed += content;
      else result.bytes = new Uint8Array([...result.bytes, ...content]);
      return Promise.resolve();
    },
  };
}
