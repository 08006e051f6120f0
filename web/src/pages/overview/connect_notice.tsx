import type { ReactNode } from "react";
import { useSearch } from "@tanstack/react-router";
import { useTexts } from "../../texts/use_texts.ts";

/** Says how the sign-in at Strava has ended, after it has led back to the page. */
export function ConnectNotice(): ReactNode {
  const { connect } = useTexts();
  const { strava, reason } = useSearch({ from: "/" });
  if (!strava) return null;
  if (strava === "success") {
    return (
      <p className="note good" role="status">
        <b>{connect.connected}</b> {connect.connectedText}
      </p>
    );
  }
  const reasons: Record<string, string> = connect.reasons;
  return (
    <p className="note bad" role="alert" data-reason={reason}>
      <b>{connect.notConnected}</b>{" "}
      {reason !== undefined && Object.hasOwn(reasons, reason)
        ? reasons[reason]
        : connect.unknown}
    </p>
  );
}
