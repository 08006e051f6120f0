import { buildRouteMap, type Command, type RouteMap } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import {
  type NoFlags,
  optionalText,
  toggle,
  USER_ARGUMENT,
} from "../options.ts";
import type { CreateUserFlags } from "../actions/user.ts";

/** The command `user` and its actions. */
export const user: RouteMap<Context> = buildRouteMap({
  routes: {
    create: defineCommand<CreateUserFlags>({
      brief: "Create an account",
      description: `Creates an account.

At a terminal it asks for what is missing and for the password, which is not shown. Otherwise the
password is the first line of stdin:

  deno task user create --username ada --email ada@example.com < password.txt`,
      parameters: {
        flags: {
          username: optionalText("2 to 32 letters, digits or _ . -", "name"),
          email: optionalText("E-mail address", "address"),
          name: optionalText("Display name; default: the username", "text"),
          admin: toggle(
            "Administrator; the first one takes over athletes without an owner",
          ),
        },
      },
      needs: () => ({ input: true }),
      async run({ config, terminal }, flags) {
        const { createUserFromShell } = await import("../actions/user.ts");
        return await createUserFromShell(config, { ...flags, terminal });
      },
    }),
    list: defineCommand<NoFlags>({
      brief: "List all accounts",
      parameters: {},
      async run({ config, terminal }) {
        const { listUsersFromShell } = await import("../actions/user.ts");
        return await listUsersFromShell(config, { terminal });
      },
    }),
    setUpCode: defineCommand<NoFlags>({
      brief: "Print the code with which the web app creates the administrator",
      parameters: {},
      async run({ config, terminal }) {
        const { printSetUpCode } = await import("../actions/user.ts");
        return await printSetUpCode(config, { terminal });
      },
    }),
    disable: defineActivation(
      false,
      "Disable an account: ends its sessions, refuses its keys, keeps its data",
    ),
    enable: defineActivation(true, "Enable a disabled account"),
    resetPassword: defineCommand<NoFlags, [string]>({
      brief: "Set another password; ends all sessions of the user",
      parameters: { positional: USER_ARGUMENT },
      needs: () => ({ input: true }),
      async run({ config, terminal }, _flags, user) {
        const { resetUserPassword } = await import("../actions/user.ts");
        return await resetUserPassword(config, { user, terminal });
      },
    }),
  },
  docs: { brief: "Manage the accounts of this instance" },
});
function defineActivation(isActive: boolean, brief: string): Command<Context> {
  return defineCommand<NoFlags, [string]>({
    brief,
    parameters: { positional: USER_ARGUMENT },
    async run({ config, terminal }, _flags, user) {
      const { setUserActive } = await import("../actions/user.ts");
      return await setUserActive(config, { user, isActive, terminal });
    },
  });
}
