import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { type KeyAction, readKeyAction, toKeyArguments } from "./key_usage.ts";
import {
  readUserAction,
  toUserArguments,
  type UserAction,
} from "./user_usage.ts";
import { readWebhookAction, type WebhookAction } from "./webhook_usage.ts";

/** What is to be run, and how. */
export type CommandLine =
  | { command: "serve"; watch: boolean }
  | {
    command: "sync";
    /** The whole list, whether or not it is due. */
    full: boolean;
  }
  | { command: "webhook"; action: WebhookAction }
  | { command: "key"; key: KeyAction }
  | { command: "user"; user: UserAction }
  | {
    command: "export";
    athleteId: number | undefined;
    /** Whose account, instead of an athlete. */
    user: string | undefined;
    /** A file, or `-` for stdout whatever it is; unset for stdout unless it is a terminal. */
    output: string | undefined;
    /** Replaces a file that is there. */
    force: boolean;
  }
  | {
    command: "erase";
    athleteId: number | undefined;
    user: string | undefined;
    yes: boolean;
  };

/** The commands whose options are read here; the others have a word first. */
type WithOptions = Exclude<CommandLine["command"], "key" | "user" | "webhook">;

type Values = Readonly<Record<string, string | boolean | undefined>>;

const OPTIONS = {
  serve: { watch: { type: "boolean" } },
  sync: { full: { type: "boolean" } },
  export: {
    athlete: { type: "string" },
    user: { type: "string" },
    format: { type: "string" },
    output: { type: "string" },
    force: { type: "boolean" },
  },
  erase: {
    athlete: { type: "string" },
    user: { type: "string" },
    yes: { type: "boolean" },
  },
} satisfies Record<WithOptions, ParseArgsOptionsConfig>;

/** Reads a command line; a problem with it is a sentence. */
export function readCommandLine(
  [command = "serve", ...args]: readonly string[],
): CommandLine | { problem: string } {
  if (command === "webhook") {
    const action = readWebhookAction(args[0]);
    return action && args.length === 1
      ? { command, action }
      : { problem: "What is to be done with the subscription?" };
  }
  if (command === "user") {
    const user = readUserAction(args);
    return "problem" in user ? user : { command, user };
  }
  if (command !== "key" && !isCommand(command)) {
    return { problem: `Unknown command "${command}"` };
  }
  try {
    if (command === "key") return { command, key: readKeyAction(args) };
    const options = OPTIONS[command];
    const { values } = parseArgs({ args, options, allowPositionals: false });
    return toCommandLine(command, values as Values);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { problem: error.message };
  }
}

/** The same for `main.ts`, which knows nothing of files. */
export function toServerArguments(line: CommandLine): string[] {
  const args: string[] = [line.command];
  if (line.command === "webhook") args.push(line.action);
  if (line.command === "user") args.push(...toUserArguments(line.user));
  if (line.command === "key") args.push(...toKeyArguments(line.key));
  if ("athleteId" in line && line.athleteId !== undefined) {
    args.push("--athlete", String(line.athleteId));
  }
  const { user } = line.command === "export" || line.command === "erase"
    ? line
    : {};
  if (user !== undefined) args.push(`--user=${user}`);
  if (line.command === "export" && line.output === "-") {
    args.push("--output", "-");
  }
  if (line.command === "sync" && line.full) args.push("--full");
  if (line.command === "erase" && line.yes) args.push("--yes");
  return args;
}

function isCommand(name: string): name is keyof typeof OPTIONS {
  return Object.hasOwn(OPTIONS, name);
}

function toCommandLine(
  command: WithOptions,
  { athlete, user, format = "jsonl", output, watch, full, force, yes }: Values,
): CommandLine {
  if (command === "serve") return { command, watch: watch === true };
  if (command === "sync") return { command, full: full === true };
  const whose = {
    athleteId: readAthleteId(athlete),
    user: user as string | undefined,
  };
  if (whose.user !== undefined && whose.athleteId !== undefined) {
    throw new Error("--user and --athlete exclude each other");
  }
  if (whose.user === "") throw new Error("--user needs a name");
  if (command === "erase") return { command, ...whose, yes: yes === true };
  if (format !== "jsonl") {
    throw new Error(`Unknown format "${format}": there is jsonl`);
  }
  if (output === "") throw new Error("--output needs a file's name, or -");
  return {
    command,
    ...whose,
    output: output as string | undefined,
    force: force === true,
  };
}

function readAthleteId(
  text: string | boolean | undefined,
): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(String(text))) {
    throw new Error(`"${text}" is not the id of an athlete`);
  }
  return Number(text);
}
