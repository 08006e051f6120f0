import type { Command } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import {
  findOwnerProblem,
  OWNER_OPTIONS,
  type OwnerFlags,
  toggle,
} from "../options.ts";

/** The command `erase`. */
export const erase: Command<Context> = defineCommand<
  OwnerFlags & { yes?: boolean }
>({
  brief: "Delete all data of an athlete or a user permanently",
  description:
    `Revokes the access at Strava and deletes all data of an athlete or a user permanently.

To confirm, you type the name of the athlete or user.`,
  parameters: {
    flags: { ...OWNER_OPTIONS, yes: toggle("Skip the confirmation") },
  },
  findProblem: findOwnerProblem,
  needs: ({ yes }) => ({ input: !yes }),
  async run({ config, terminal }, flags) {
    const { eraseFromShell } = await import("../actions/erase.ts");
    const { athlete, user, yes = false } = flags;
    return await eraseFromShell(config, {
      ...terminal,
      athleteId: athlete,
      user,
      yes,
    });
  },
});
