import { buildCommand, type Command } from "@stricli/core";
import type { Context } from "../command.ts";
import { choice, type NoFlags, toList } from "../options.ts";
import { ROOT } from "../root.ts";
import { printLine } from "../terminal.ts";

/** Shells for which there is a completion script. */
const SHELLS = ["bash", "zsh", "fish"] as const;

/** The launcher's word before an unfinished command line. It then lists the possible next words. */
export const COMPLETE = "complete";

/** The command `completions`, which is answered without starting anything. */
export const completions: Command<Context> = buildCommand<
  NoFlags,
  [(typeof SHELLS)[number]],
  Context
>({
  docs: {
    brief: "Print a script that completes commands and options in your shell",
    fullDescription:
      `Prints a script for your shell. It defines the command "paceline", which runs
"deno task paceline" from any folder, and completes its commands and options. For bash, add this
line to ~/.bashrc:

  eval "$(cd ${quote(ROOT)} && deno task --quiet paceline completions bash)"`,
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        choice("shell", { brief: toList(SHELLS), values: SHELLS }),
      ],
    },
  },
  func: (_flags, shell) => printLine(toCompletionScript(shell)),
});

/** Returns the script that defines `paceline` and its completion in a shell. */
function toCompletionScript(shell: (typeof SHELLS)[number]): string {
  const run = `deno task --quiet --config ${
    quote(`${ROOT}/deno.json`)
  } paceline`;
  const complete = `deno run --quiet --no-prompt ${
    quote(`${ROOT}/cli/launch.ts`)
  } ${COMPLETE}`;
  switch (shell) {
    case "bash":
      return `paceline() { ${run} "$@"; }
_paceline() {
  local IFS=$'\\n'
  COMPREPLY=($(${complete} "\${COMP_WORDS[@]:1:COMP_CWORD}"))
}
complete -o default -F _paceline paceline`;
    case "zsh":
      return `paceline() { ${run} "$@" }
_paceline() {
  compadd -- \${(f)"$(${complete} "\${(@)words[2,CURRENT]}")"} || _files
}
compdef _paceline paceline`;
    case "fish":
      return `function paceline
  ${run} $argv
end
complete -c paceline -f -a '(${
        complete.replaceAll("'", '"')
      } (commandline -opc)[2..] "$(commandline -ct)")'`;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
