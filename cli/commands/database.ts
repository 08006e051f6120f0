import { buildRouteMap, type RouteMap } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import type { NoFlags } from "../options.ts";

/** The command `database` and its actions. */
export const database: RouteMap<Context> = buildRouteMap({
  routes: {
    distribute: defineCommand<NoFlags>({
      brief: "Spread the athletes over the nodes of a Citus cluster",
      description: `Spreads the athletes over the nodes of a Citus cluster.

Back up the database and stop the servers first. docs/scale.md describes what is needed. The database
must have the extension Citus; without it nothing is changed.`,
      parameters: {},
      async run({ config, terminal }) {
        const { distributeFromShell } = await import(
          "../actions/distribute.ts"
        );
        return await distributeFromShell(config, terminal);
      },
    }),
  },
  docs: { brief: "Prepare the database for many athletes" },
});
