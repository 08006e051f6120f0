import {
  type Application,
  buildApplication,
  ExitCode,
  help,
  proposeCompletions,
  run,
  type StricliIntegration,
  version,
} from "@stricli/core";
import sdk from "../sdk/deno.json" with { type: "json" };
import { type Context, UsageError } from "./command.ts";
import { nameProgram, TEXT, WITH_DENO } from "./command_text.ts";
import { COMMANDS, IMAGE_COMMANDS } from "./commands.ts";
import { COMPLETE } from "./commands/completions.ts";
import { toList } from "./options.ts";
import { printLine, sayLine, type Terminal } from "./terminal.ts";

/** The exit code after a command line that cannot be understood. */
const USAGE_CODE = 2;

const USAGE_FAILURES: ReadonlySet<number> = new Set([
  ExitCode.InvalidArgument,
  ExitCode.UnknownCommand,
  USAGE_CODE,
]);

const DOCUMENTATION = {
  caseStyle: "convert-camel-to-kebab",
  useAliasInUsageLine: false,
  onlyRequiredInUsageLine: false,
  alwaysShowHelpAllFlag: false,
  disableAnsiColor: false,
} as const;

/** Reports a missing action, as in `paceline user`, instead of printing the help. */
const missingAction: StricliIntegration<Context> = {
  flag: {
    brief: "",
    hidden: true,
    complete: false,
    global: true,
    defaultForRouteMap: true,
    run(_app, { result: { target } }) {
      if (!("getAllEntries" in target)) return;
      const names = target.getAllEntries()
        .filter(({ hidden }) => !hidden)
        .map(({ name }) => name["convert-camel-to-kebab"]);
      const isRoot = target === COMMANDS || target === IMAGE_COMMANDS;
      const kind = isRoot ? "command" : "action";
      this.process.stderr.write(`Missing ${kind}: expected ${toList(names)}\n`);
      this.process.exitCode = USAGE_CODE;
    },
  },
};

/** Creates the reader of command lines. `program` is what the usage lines begin with. */
function createApplication(program: string): Application<Context> {
  const commands = program === WITH_DENO ? COMMANDS : IMAGE_COMMANDS;
  return buildApplication(commands, {
    name: program,
    scanner: { caseStyle: "allow-kebab-for-camel" },
    documentation: DOCUMENTATION,
    localization: { text: TEXT },
    determineExitCode: (error) => error instanceof UsageError ? USAGE_CODE : 1,
  }, {
    help: help({ brief: TEXT.briefs.help, formatting: DOCUMENTATION }),
    version: version({
      brief: TEXT.briefs.version,
      info: { currentVersion: sdk.version },
    }),
    missingAction,
  });
}

/** The surroundings in which a command line is read. */
export interface CommandLineOptions extends Pick<Context, "execute"> {
  /** The words that start the program, for the usage lines. Default: {@link WITH_DENO}. */
  program?: string;
  /** Whether stdout is a terminal. Default: whether that of this process is. */
  isTerminal?: boolean;
  /** Writes a line to stdout. */
  print?: Terminal["print"];
  /** Writes a line to stderr. */
  say?: Terminal["say"];
}

/**
 * Reads a command line. Help, the version, completions and mistakes are answered here; a valid
 * command goes to `execute`. Returns the exit code: 2 for a mistake.
 */
export async function runCommandLine(
  args: readonly string[],
  {
    execute,
    program = WITH_DENO,
    isTerminal = Deno.stdout.isTerminal(),
    print = printLine,
    say = sayLine,
  }: CommandLineOptions,
): Promise<number> {
  if (args[0] === COMPLETE) {
    for (const proposal of await propose(args.slice(1))) print(proposal);
    return 0;
  }
  const options = toOptions(args);
  let isValid = false;
  const code = await runApplication(options, {
    program,
    print,
    say,
    isTerminal,
    execute(job) {
      isValid = true;
      return execute(job);
    },
  });
  if (isValid || !USAGE_FAILURES.has(code)) return code;
  say(`\n${await findUsage(options, program)}`);
  return USAGE_CODE;
}

async function runApplication(
  args: readonly string[],
  { program, print, say, isTerminal, execute }: Required<CommandLineOptions>,
): Promise<number> {
  const process: Context["process"] = {
    stdout: { write: (text) => print(nameProgram(text.trimEnd(), program)) },
    stderr: { write: (text) => say(text.trimEnd()) },
  };
  await run(createApplication(program), args, {
    process,
    forCommand: ({ prefix }) => ({
      process,
      name: prefix.slice(1).join(" "),
      isTerminal,
      execute,
    }),
  });
  return Number(process.exitCode);
}

/** Options that answer nothing and run nothing. */
const IDLE: Required<CommandLineOptions> = {
  program: "",
  isTerminal: false,
  print: () => {},
  say: () => {},
  execute: () => Promise.resolve(0),
};

/** Returns the usage lines of the command that a mistaken command line names. */
async function findUsage(
  args: readonly string[],
  program: string,
): Promise<string> {
  const words: string[] = [];
  let target: unknown = COMMANDS;
  for (const word of args) {
    if (!isRouteMap(target)) break;
    target = target.getRoutingTargetForInput(toCamelCase(word));
    if (target) words.push(word);
  }
  let help = "";
  await runApplication([...words, "--help"], {
    ...IDLE,
    program,
    print: (text) => help += text,
  });
  return help.split("\n\n", 1)[0]!;
}

function isRouteMap(target: unknown): target is typeof COMMANDS {
  return typeof target === "object" && target !== null &&
    "getRoutingTargetForInput" in target;
}

/** Returns what the last word of an unfinished command line may be. */
async function propose(args: readonly string[]): Promise<string[]> {
  const stream = { write: () => {} };
  const proposals = await proposeCompletions(createApplication(""), args, {
    process: { stdout: stream, stderr: stream },
    name: "",
    ...IDLE,
  });
  return proposals.map(({ completion }) => completion);
}

/** Turns the commands `help` and `version` into the options that answer them. */
function toOptions(args: readonly string[]): readonly string[] {
  const [command, ...others] = args;
  if (command === "help") return [...others, "--help"];
  return command === "version" ? ["--version", ...others] : args;
}

function toCamelCase(text: string): string {
  return text.replace(/-./g, (letters) => letters.slice(1).toUpperCase());
}
