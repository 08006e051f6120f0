import type { Config } from "../server/config.ts";
import { createLog } from "../server/log.ts";
import { StravaClient } from "../server/strava/client.ts";
import { StravaError } from "../server/strava/errors.ts";
import { callbackUrl, hideSecret } from "../server/webhook/address.ts";
import { ensureSubscription } from "../server/webhook/subscription.ts";
import type { WebhookAction } from "./webhook_usage.ts";

/** Does it and says so; `false` where it could not be done, or there is nothing to show. */
export async function runWebhookCommand(
  config: Config,
  action: WebhookAction,
): Promise<boolean> {
  const strava = new StravaClient(config.strava);
  const log = await createLog(config);
  try {
    if (action === "create") return await create({ config, strava, log });
    const found = await strava.listSubscriptions();
    const [subscription] = found;
    if (!subscription) {
      say("There is no subscription");
      return action === "delete";
    }
    const { id, callback_url: url } = subscription;
    if (action === "delete") {
      await strava.deleteSubscription(id);
      say(`Subscription ${id} is deleted`);
      return true;
    }
    const whose = url === callbackUrl(config) ? "this server's" : "not ours";
    say(`Subscription ${id}: ${hideSecret(url ?? "no address")} (${whose})`);
    return true;
  } catch (error) {
    if (!(error instanceof StravaError)) throw error;
    say(`Cannot ${action} the subscription: ${error.message}`);
    if (action === "create" && error.kind === "refused") {
      say(
        `Strava must reach ${config.webhook?.publicUrl} from outside, with nothing before it that asks for a login`,
      );
    }
    return false;
  }
}

async function create(
  deps: Parameters<typeof ensureSubscription>[0],
): Promise<boolean> {
  if (!deps.config.webhook) {
    say(
      "Set PUBLIC_URL, the address at which Strava reaches this server, and WEBHOOK_VERIFY_TOKEN, any word of yours",
    );
    return false;
  }
  const { id, done } = await ensureSubscription(deps);
  say(
    done === "nothing"
      ? `Subscription ${id} is there already`
      : `Subscription ${id} was ${done}`,
  );
  return true;
}

function say(text: string): void {
  // deno-lint-ignore no-console -- the command's result
  console.log(text);
}
