import { parseConnectionUrl } from "../db/driver/connection_url.ts";
import { prepareDatabase } from "../db/prepare.ts";
import { createApp } from "./app.ts";
import type { Peer } from "./http/middleware.ts";
import { type Config, toOwnUrl } from "./config.ts";
import { startCron } from "./cron.ts";
import { openDeps } from "./deps.ts";
import { applyRetention } from "./retention.ts";
import { syncDueAthletes } from "./sync/run_sync.ts";
import { resealLinks } from "./athletes/sharing.ts";
import { resealGrants } from "./grants/grants.ts";
import { maintainWebhooks } from "./webhook/maintenance.ts";

/** Time that running requests have to finish at shutdown. */
const DRAIN_MS = 5000;

/** Serves until a signal ends it: migrates, listens, runs the schedule, and cleans up. */
export async function serve(
  config: Config,
  { onListen }: { onListen?: () => void } = {},
): Promise<void> {
  await using deps = await openDeps(config);
  const { log } = deps;
  const { unused } = parseConnectionUrl(config.databaseUrl);
  if (unused.length > 0) {
    log.warning(
      "DATABASE_URL has parameters that Paceline does not need: {unused}",
      { unused: unused.join(", ") },
    );
  }
  for (const name of await prepareDatabase(deps.sql, config)) {
    log.info("Applied migration {name}", { name });
  }
  const resealed = await resealGrants(deps);
  if (resealed > 0) {
    log.info("Sealed {resealed} grants under the current key", { resealed });
  }
  const links = await resealLinks(deps);
  if (links > 0) {
    log.info("Sealed {links} share links under the current key", { links });
  }

  const app = createApp(deps);
  const server = Deno.serve({
    port: config.port,
    hostname: config.host,
    onListen({ hostname, port }) {
      // The tools that start the server look for the number.
      const url = hostname === "127.0.0.1"
        ? `http://${hostname}:${port}`
        : toOwnUrl(hostname, port);
      log.info("Listening on {url}", { url });
      onListen?.();
    },
  }, (request, { remoteAddr }) => app(request, toPeer(remoteAddr)));
  startCron(deps);
  deps.background.run(
    "resume",
    () => syncDueAthletes(deps, { unfinished: true }),
  );
  // Strava calls the callback to validate a subscription: the server must be listening.
  deps.background.run(
    "push events",
    () => maintainWebhooks(deps, { isStart: true }),
  );

  // Also for a server that never runs at night, when the schedule does this.
  deps.background.run("retention", () => applyRetention(deps));

  const signal = await waitForSignal();
  log.info("Ending on {signal}", { signal });
  const drained = deps.sleep(DRAIN_MS, new AbortController().signal);
  const ended = Promise.all([server.shutdown(), deps.background.close()]);
  await Promise.race([ended, drained]);
}

function toPeer(address: Deno.Addr): Peer {
  return "hostname" in address ? { address: address.hostname } : {};
}

/** Resolves with the first SIGINT or SIGTERM. A second one ends the program at once. */
function waitForSignal(): Promise<Deno.Signal> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const listener = (): void => {
        Deno.removeSignalListener(signal, listener);
        resolve(signal);
      };
      Deno.addSignalListener(signal, listener);
    }
  });
}
