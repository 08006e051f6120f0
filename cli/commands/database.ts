import { buildRouteMap, type RouteMap } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import { type NoFlags, toggle } from "../options.ts";

/** The command `database` and its actions. */
export const database: RouteMap<Context> = buildRouteMap({
  routes: {
    migrate: defineCommand<{ quiet?: boolean }>({
      brief: "Apply pending migrations, as the server does when it starts",
      description:
        `Applies pending migrations, as the server does when it starts.

If DATABASE_OWNER_URL names the owner of the tables, the owner migrates, and then lets the role of
DATABASE_URL use them. The server itself then needs DATABASE_URL only.`,
      parameters: {
        flags: { quiet: toggle("Print nothing if nothing was pending") },
      },
      async run({ config, terminal }, { quiet = false }) {
        const { migrateFromShell } = await import("../actions/migrate.ts");
        return await migrateFromShell(config, { ...terminal, quiet });
      },
    }),
    distribute: defineCommand<NoFlags>({
      brief: "Spread the athletes over the nodes of a Citus cluster",
      description: `Spreads the athletes over the nodes of a Citus cluster.

Back up the database and stop the servers first. docs/scale.md describes what is needed. The database
must have the extension Citus; without it nothing is changed.`,
      parameters: {},
      needs: () => ({ owner: true }),
      async run({ config, terminal }) {
        const { distributeFromShell } = await import(
          "../actions/distribute.ts"
        );
        return await distributeFromShell(config, terminal);
      },
    }),
  },
  docs: { brief: "Migrate the database, or prepare it for many athletes" },
});
