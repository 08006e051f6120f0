import { buildRouteMap, type RouteMap } from "@stricli/core";
import { Scope } from "../../sdk/schemas/api_key.ts";
import { type Context, defineCommand } from "../command.ts";
import type { CreateKeyFlags } from "../actions/key.ts";
import { choice, optionalText, text, toList } from "../options.ts";

const KEY_OWNER = text("Owner of the keys: username or e-mail address", "name");

/** The command `key` and its actions. */
export const key: RouteMap<Context> = buildRouteMap({
  routes: {
    create: defineCommand<CreateKeyFlags>({
      brief: "Create a key and print it; it cannot be shown again",
      description: `Creates a key and prints it. It cannot be shown again.

A scope is ${toList(Scope.options)}.`,
      parameters: {
        flags: {
          user: KEY_OWNER,
          name: text("Name of the key in lists", "text"),
          scope: {
            kind: "parsed",
            variadic: ",",
            ...choice("scopes", {
              brief: "Permissions of the key",
              values: Scope.options,
            }),
          },
          expires: optionalText(
            "End: a day (from 00:00 UTC) or an instant (2027-01-31T12:00:00Z)",
            "date",
          ),
        },
      },
      async run({ config, terminal }, flags) {
        const { createKey } = await import("../actions/key.ts");
        return await createKey(config, { ...flags, terminal });
      },
    }),
    list: defineCommand<{ user: string }>({
      brief: "List the keys of a user",
      parameters: { flags: { user: KEY_OWNER } },
      async run({ config, terminal }, flags) {
        const { listKeys } = await import("../actions/key.ts");
        return await listKeys(config, { ...flags, terminal });
      },
    }),
    revoke: defineCommand<{ user: string; key: string }>({
      brief: "Revoke a key",
      parameters: {
        flags: {
          user: KEY_OWNER,
          key: text("Prefix or id of the key, as in the list", "prefix"),
        },
      },
      async run({ config, terminal }, flags) {
        const { revokeKey } = await import("../actions/key.ts");
        return await revokeKey(config, { ...flags, terminal });
      },
    }),
  },
  docs: { brief: "Manage the API keys of a user" },
});
