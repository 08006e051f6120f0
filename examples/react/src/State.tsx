import type { ErrorReason } from "@paceline/sdk";
import { reasonOf } from "@paceline/sdk";

/** Sentences for reasons that mean something else, or something clearer, in one place. */
export type Advice = Partial<Record<ErrorReason, string>>;

/** Advice for the reasons of failures. */
const ADVICE: Advice = {
  network_error: "The server cannot be reached. Is it running, and is this page's origin in CORS_ORIGINS?",
  timeout: "The server took too long to respond.",
  not_connected: "No athlete is connected yet.",
  not_synced: "The first sync is running. This page updates by itself.",
  missing_api_key: "Log in to see this server's statistics.",
  athlete_not_found: "This athlete does not exist.",
  session_expired: "Your session has expired. Log in again.",
  forbidden_origin: "The server refuses changes from this page: add its origin to CORS_ORIGINS.",
};

export function Loading() {
  return <p className="loading" role="status">Loading …</p>;
}

export function Failure(
  { error, retry, advice }: {
    error: Error;
    retry: () => unknown;
    advice?: Advice;
  },
) {
  const reason = reasonOf(error);
  return (
    <p className="failure" role="alert" data-reason={reason}>
      {(reason && { ...ADVICE, ...advice }[reason]) ?? error.message}
      <button type="button" onClick={() => void retry()}>Try again</button>
    </p>
  );
}
