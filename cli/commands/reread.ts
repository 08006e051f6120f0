import type { Command } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import { OWNER_OPTIONS } from "../options.ts";

/** The command `reread`. */
export const reread: Command<Context> = defineCommand<
  { athlete?: number | undefined }
>({
  brief: "Read kept files again that an older version has imported",
  description:
    `Reads kept files again that an older version of Paceline has imported, and stores the streams, laps
and lengths that this version finds in them. The figures of activities stay.

Files that this version has read are passed over, so an interrupted run goes on when it is run again.
Files that are not kept (KEEP_ORIGINALS=false) cannot be read. The exit code is 1 if a file was refused.`,
  parameters: { flags: { athlete: OWNER_OPTIONS.athlete } },
  async run({ config, terminal }, { athlete }) {
    const { rereadFromShell } = await import("../actions/reread.ts");
    return await rereadFromShell(config, { terminal, athleteId: athlete });
  },
});
