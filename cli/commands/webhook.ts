import { buildRouteMap, type Command, type RouteMap } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import type { NoFlags } from "../options.ts";
import type { WebhookAction } from "../actions/webhook.ts";

/** The command `webhook` and its actions. */
export const webhook: RouteMap<Context> = buildRouteMap({
  routes: {
    create: defineWebhook(
      "create",
      "Subscribe; replaces a subscription with another address",
    ),
    view: defineWebhook(
      "view",
      "Show the subscription; exit code 0 if there is one",
    ),
    delete: defineWebhook("delete", "Unsubscribe"),
  },
  docs: {
    brief: "Manage the subscription to Strava's push events",
    fullDescription: `Manages the subscription to Strava's push events.

If PUBLIC_URL and WEBHOOK_VERIFY_TOKEN are set, the server subscribes at its start and checks the
subscription every hour. To stay unsubscribed, unset WEBHOOK_VERIFY_TOKEN and restart the server
before "delete". The server must be running during "create": Strava calls it at PUBLIC_URL.`,
  },
});

function defineWebhook(action: WebhookAction, brief: string): Command<Context> {
  return defineCommand<NoFlags>({
    brief,
    parameters: {},
    needs: () => ({ database: false }),
    async run({ config, terminal }) {
      const { runWebhookCommand } = await import("../actions/webhook.ts");
      return await runWebhookCommand(config, { action, terminal }) ? 0 : 1;
    },
  });
}
