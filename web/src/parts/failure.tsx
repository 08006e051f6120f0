import type { ReactNode } from "react";
import { reasonOf } from "@paceline/sdk";
import { Link } from "@tanstack/react-router";
import { useTexts } from "../texts/use_texts.ts";
import { Empty } from "./empty.tsx";
import { NoAthlete } from "./no_athlete.tsx";

/** Says why something cannot be shown, and what to do. */
export function Failure(
  { error, retry }: { error: Error; retry?: () => unknown },
): ReactNode {
  const { empty, errors, app } = useTexts();
  const reason = reasonOf(error);
  switch (reason) {
    case "not_connected":
      return <NoAthlete />;
    case "not_synced":
      return <Empty title={empty.notSynced} text={empty.notSyncedText} />;
    case "missing_api_key":
    case "missing_session":
    case "athlete_not_found":
      return (
        <Empty title={empty.loginNeeded} text={empty.loginNeededText}>
          <Link to="/login" className="button primary">{app.logIn}</Link>
        </Empty>
      );
  }
  const sentence = reason === "network_error"
    ? errors.network
    : reason === "timeout"
    ? errors.timeout
    : error.message;
  return (
    <div className="failure" role="alert" data-reason={reason}>
      <p>{sentence}</p>
      {retry && (
        <button
          type="button"
          className="button"
          onClick={() => void retry()}
        >
          {errors.retry}
        </button>
      )}
    </div>
  );
}
