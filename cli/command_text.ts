import {
  type ApplicationText,
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
} from "@stricli/core";
import { toList } from "./options.ts";

/** The words that start the program in a checkout. The examples in the help begin with them or a short form. */
export const WITH_DENO = "deno task paceline";

/** Names another program in the examples of a help text. */
export function nameProgram(text: string, program: string): string {
  return program === WITH_DENO
    ? text
    : text.replaceAll(/\bdeno task (?:paceline )?/g, `${program} `);
}

/** Our sentences for help and mistakes, instead of those of the library. */
export const TEXT: ApplicationText = {
  ...text_en,
  headers: {
    usage: "Usage:",
    aliases: "Aliases:",
    commands: "Commands:",
    flags: "Options:",
    arguments: "Arguments:",
  },
  briefs: {
    ...text_en.briefs,
    help: "Show this help",
    version: "Show the version",
  },
  noCommandRegisteredForInput: ({ input, corrections }) =>
    `Unknown command "${input}"${
      toHint(corrections.map((name) => name.replaceAll("`", '"')))
    }`,
  exceptionWhileParsingArguments(error) {
    if (!(error instanceof ArgumentScannerError)) throw error;
    return formatMessageForArgumentScannerError(error, {
      FlagNotFoundError: ({ input, corrections }) =>
        `Unknown option --${input}${
          toHint(corrections.map((name) => `--${name}`))
        }`,
      AliasNotFoundError: ({ input }) => `Unknown option -${input}`,
      ArgumentParseError: (
        { externalFlagNameOrPlaceholder: name, input, exception },
      ) =>
        `Invalid ${name} "${input}": ${
          exception instanceof Error ? exception.message : exception
        }`,
      EnumValidationError: ({ externalFlagName: name, input, values }) =>
        `Invalid ${name} "${input}": expected ${toList(values)}`,
      UnsatisfiedFlagError: ({ externalFlagName: name }) => `Missing --${name}`,
      UnsatisfiedPositionalError: ({ placeholder }) =>
        `Missing argument: expected <${placeholder}>`,
      UnexpectedPositionalError: ({ input }) =>
        /^--[\w-]+=$/.test(input)
          ? `Missing value of ${input.slice(0, -1)}`
          : `Unexpected argument "${input}"`,
      UnexpectedFlagError: ({ externalFlagName: name }) =>
        `--${name} is given more than once`,
    });
  },
};

function toHint(corrections: readonly string[]): string {
  return corrections.length === 0
    ? ""
    : `, did you mean ${toList(corrections)}?`;
}
