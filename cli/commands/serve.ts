import type { Command } from "@stricli/core";
import type { Duty } from "../../server/serve.ts";
import { type Context, defineCommand } from "../command.ts";
import { toListeningLine } from "../listening_line.ts";
import { toNextSteps } from "../next_steps.ts";
import { choice, toggle } from "../options.ts";

interface Flags {
  watch?: boolean;
  /** Only the launcher sets this. */
  duty?: Duty;
}

/** The command `serve`. */
export const serve: Command<Context> = defineCommand<Flags>({
  brief: "Serve requests and sync on a schedule, until Ctrl-C or SIGTERM",
  parameters: {
    flags: {
      watch: toggle("Restart when a source file changes"),
      duty: {
        ...choice("work", {
          brief: "The launcher runs several processes on one port",
          values: ["start", "schedule", "requests"],
        }),
        kind: "parsed",
        optional: true,
        hidden: true,
      },
    },
  },
  needs: ({ watch }) => ({ watch: watch === true }),
  async run({ config, terminal }, { duty }) {
    const { serve } = await import("../../server/serve.ts");
    await serve(config, {
      duty,
      onListen(port, state) {
        if (duty === "start") terminal.say(toListeningLine(port));
        if (duty === "schedule" || duty === "requests") return;
        if (terminal.isInteractive) {
          terminal.say(toNextSteps(config, state));
        }
      },
    });
    return 0;
  },
});
