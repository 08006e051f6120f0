import type { Command } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import { toNextSteps } from "../next_steps.ts";
import { toggle } from "../options.ts";

/** The command `serve`. */
export const serve: Command<Context> = defineCommand<{ watch?: boolean }>({
  brief: "Serve requests and sync on a schedule, until Ctrl-C or SIGTERM",
  parameters: {
    flags: { watch: toggle("Restart when a source file changes") },
  },
  needs: ({ watch }) => ({ watch: watch === true }),
  async run({ config, terminal }) {
    const { serve } = await import("../../server/serve.ts");
    await serve(config, {
      onListen() {
        if (terminal.isInteractive) terminal.say(toNextSteps(config));
      },
    });
    return 0;
  },
});
