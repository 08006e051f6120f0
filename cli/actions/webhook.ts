import type { Config } from "../../server/config.ts";
import { StravaClient } from "../../server/strava/client.ts";
import { StravaError } from "../../server/strava/errors.ts";
import { getCallbackUrl, hideSecret } from "../../server/webhook/address.ts";
import { ensureSubscription } from "../../server/webhook/subscription.ts";
import type { Terminal } from "../terminal.ts";

/** An action on the one subscription of the application. */
export type WebhookAction = "create" | "view" | "delete";

type Output = Pick<Terminal, "print">;

/**
 * Creates, shows or deletes the subscription and reports the result. Returns false if that failed,
 * or if there is nothing to show.
 */
export async function runWebhookCommand(
  config: Config,
  { action, terminal: { print } }: { action: WebhookAction; terminal: Output },
): Promise<boolean> {
  const strava = new StravaClient(config.strava);
  try {
    if (action === "create") {
      return await create({ config, strava }, { print });
    }
    const found = await strava.listSubscriptions();
    const [subscription] = found;
    if (!subscription) {
      print("There is no subscription");
      return action === "delete";
    }
    const { id, callback_url: url } = subscription;
    if (action === "delete") {
      await strava.deleteSubscription(id);
      print(`Subscription ${id} is deleted`);
      return true;
    }
    const owner = url === getCallbackUrl(config)
      ? "this server"
      : "another address than this server's";
    print(`Subscription ${id}: ${hideSecret(url ?? "no address")} (${owner})`);
    return true;
  } catch (error) {
    if (!(error instanceof StravaError)) throw error;
    print(`Cannot ${action} the subscription: ${error.message}`);
    if (action === "create" && error.kind === "refused") {
      print(
        `Strava must be able to reach ${config.publicUrl} from the internet without a login`,
      );
    }
    return false;
  }
}

async function create(
  deps: Parameters<typeof ensureSubscription>[0],
  { print }: Output,
): Promise<boolean> {
  if (!deps.config.webhook) {
    print(
      "Set PUBLIC_URL to the address at which Strava reaches this server, and WEBHOOK_VERIFY_TOKEN to a random text",
    );
    return false;
  }
  const { id, done } = await ensureSubscription(deps);
  print(
    done === "nothing"
      ? `Subscription ${id} exists already`
      : `Subscription ${id} was ${done}`,
  );
  return true;
}
