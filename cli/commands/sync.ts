import type { Command } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import { toggle } from "../options.ts";

/** The command `sync`. */
export const sync: Command<Context> = defineCommand<{ full?: boolean }>({
  brief: "Sync every connected athlete once; exit code 0 if all succeeded",
  parameters: {
    flags: { full: toggle("Run a full sync, even if it is not due") },
  },
  async run({ config }, flags) {
    const { syncFromShell } = await import("../actions/sync.ts");
    return await syncFromShell(config, flags) ? 0 : 1;
  },
});
