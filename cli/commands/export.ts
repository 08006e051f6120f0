import type { Command } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import {
  findOwnerProblem,
  optionalText,
  OWNER_OPTIONS,
  type OwnerFlags,
  toggle,
} from "../options.ts";

/** Options of `export`. */
interface ExportFlags extends OwnerFlags {
  /** A file, or `-` for stdout even if it is a terminal. Default: stdout unless it is one. */
  output?: string | undefined;
  /** Replaces an existing file. */
  force?: boolean;
  format: "jsonl";
  /** Writes to stdout although `output` names a file, because the launcher writes that file. */
  toStdout?: boolean;
}

/** The command `export`. */
export const exportData: Command<Context> = defineCommand<ExportFlags>({
  brief: "Export all data of an athlete or a user as lines of JSON",
  description: `Exports all data of an athlete or a user as lines of JSON.

docs/privacy.md describes the lines. The file gets its name when it is complete, and only its owner
may read it.`,
  parameters: {
    flags: {
      ...OWNER_OPTIONS,
      output: optionalText('File; "-" or nothing for stdout', "file"),
      force: toggle("Replace an existing file"),
      format: {
        kind: "enum",
        values: ["jsonl"],
        default: "jsonl",
        brief: "Lines of JSON: the only format",
      },
      toStdout: { ...toggle("The launcher writes the file"), hidden: true },
    },
  },
  findProblem: (flags, { isTerminal }) =>
    findOwnerProblem(flags) ?? findOutputProblem(flags, { isTerminal }),
  needs: ({ output, force }) => ({
    file: output === undefined || output === "-"
      ? undefined
      : { path: output, force: force === true },
  }),
  async run({ config, terminal }, flags) {
    const { athlete, user, output = "-", toStdout } = flags;
    if (output !== "-" && !toStdout) {
      terminal.say("This process may not write files: redirect its output");
      return 2;
    }
    const { exportFromShell } = await import("../actions/export.ts");
    return await exportFromShell(config, {
      ...terminal,
      athleteId: athlete,
      user,
    });
  },
});

/** Returns what is wrong with the place where an export goes. */
function findOutputProblem(
  { output, force, toStdout }: ExportFlags,
  { isTerminal }: { isTerminal: boolean },
): string | undefined {
  if (force && (output === undefined || output === "-")) {
    return "--force needs --output and a file";
  }
  return output === undefined && !toStdout && isTerminal
    ? "Missing --output: expected a file, or - to write to the terminal"
    : undefined;
}
