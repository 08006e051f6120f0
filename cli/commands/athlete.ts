import { buildRouteMap, type RouteMap } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import { optionalText, text } from "../options.ts";

interface CreateFlags {
  name: string;
  user?: string | undefined;
}

/** The command `athlete` and its actions. */
export const athlete: RouteMap<Context> = buildRouteMap({
  routes: {
    create: defineCommand<CreateFlags>({
      brief: "Create an athlete without Strava and print its id",
      description: `Creates an athlete without Strava and prints its id.

Its activities come from files: see "import". With --user it belongs to that user and is private at
first; otherwise it belongs to the instance, and PUBLIC_STATS decides who may see it.`,
      parameters: {
        flags: {
          name: text("Name of the athlete", "name"),
          user: optionalText("Owner: username or e-mail address", "name"),
        },
      },
      async run({ config, terminal }, flags) {
        const { createAthleteFromShell } = await import(
          "../actions/athlete.ts"
        );
        return await createAthleteFromShell(config, { ...flags, terminal });
      },
    }),
  },
  docs: { brief: "Create athletes without Strava" },
});
