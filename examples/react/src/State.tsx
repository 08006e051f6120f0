import type { ErrorReason } from "@paceline/sdk";
import { reasonOf } from "@paceline/sdk";

/** What can be done about a failure, for a person. */
const ADVICE: Partial<Record<ErrorReason, string>> = {
  network_error: "The server cannot be reached. Is it running, and does it allow this page's address?",
  timeout: "The server takes too long to answer.",
  not_connected: "No athlete is connected yet.",
  not_synced: "The first sync is still under way. What it brings appears here by itself.",
  missing_api_key: "This server keeps its statistics to those who log in.",
  athlete_not_found: "There is no such athlete, or it is not shared any more.",
  session_expired: "Your session is over. Log in again to go on.",
  forbidden_origin: "The server does not take changes from this page: CORS_ORIGINS must list its address.",
};

export function Loading() {
  return <p className="loading" role="status">Loading …</p>;
}

export function Failure(
  { error, retry }: { error: Error; retry: () => unknown },
) {
  const reason = reasonOf(error);
  return (
    <p className="failure" role="alert" data-reason={reason}>
      {(reason && ADVICE[reason]) ?? error.message}
      <button type="button" onClick={() => void retry()}>Try again</button>
    </p>
  );
}
