/** What can be done with the application's one subscription. */
export type WebhookAction = "create" | "view" | "delete";

export const WEBHOOK_HELP =
  `Looks after the subscription to Strava's push events

Usage: deno task webhook create    subscribes; replaces a subscription that leads elsewhere
       deno task webhook view      shows the subscription: 0 where there is one
       deno task webhook delete    unsubscribes

The server does this by itself when PUBLIC_URL and WEBHOOK_VERIFY_TOKEN are set, at its start and
every hour: to stay without one, unset WEBHOOK_VERIFY_TOKEN and start it again before "delete".
While "create" runs, Strava asks the server at PUBLIC_URL, so it must be running.
`;

/** The action of a command line; `undefined` for any other. */
export function readWebhookAction(
  text: string | undefined,
): WebhookAction | undefined {
  return text === "create" || text === "view" || text === "delete"
    ? text
    : undefined;
}
