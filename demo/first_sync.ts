import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "./progress.ts";

const POLL_MS = 100;
/** Failed status requests in a row after which the demo gives up. */
const MAX_FAILURES = 10;

/**
 * Shows the progress of the first sync until it has ended. Returns the problem, if there was one.
 * `askStatus` is `GET /strava/admin/status`.
 */
export async function followFirstSync(
  askStatus: () => Promise<Response>,
  progress: Progress,
): Promise<string | undefined> {
  let failures = 0;
  for (;; await sleep(POLL_MS)) {
    const { athlete, problem } = await readStatus(askStatus);
    failures = problem === undefined ? 0 : failures + 1;
    if (failures === MAX_FAILURES) {
      progress.end();
      return `The server does not say how far the first sync is: ${problem}`;
    }
    if (!athlete) continue;
    progress.update(athlete.activities);
    if (!athlete.first_sync_done && athlete.failures === 0) continue;
    progress.end();
    return athlete.first_sync_done ? undefined : "The first sync failed";
  }
}

interface Status {
  athlete?: { activities: number; first_sync_done: boolean; failures: number };
  problem?: string;
}

async function readStatus(
  askStatus: () => Promise<Response>,
): Promise<Status> {
  const response = await askStatus().catch(() => undefined);
  if (response?.ok) return { athlete: (await response.json()).athletes[0] };
  await response?.body?.cancel();
  return { problem: response ? `it answers ${response.status}` : "no answer" };
}
