import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useAction } from "../../app/use_action.ts";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { Failure } from "../../parts/failure.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { describeAgent } from "./agent.ts";

/** Where the user is logged in. */
export function SessionsCard(): ReactNode {
  const { settings: { sessions: texts } } = useTexts();
  const format = useFormat();
  const api = useApi().auth;
  const sessions = useQuery(api.sessions.queryOptions());
  const end = useAction(api.revokeSession.mutationOptions());
  const endOthers = useAction(api.revokeOtherSessions.mutationOptions());
  const failure = end.error ?? endOthers.error;
  return (
    <Card title={texts.title}>
      <p className="soft">{texts.text}</p>
      {failure && <Failure error={failure} />}
      {sessions.isPending
        ? <Skeleton height={100} />
        : sessions.isError
        ? <Failure error={sessions.error} retry={sessions.refetch} />
        : (
          <>
            <ul className="rows">
              {sessions.data.data.map((session) => (
                <li key={session.id}>
                  <span>
                    {session.current
                      ? <b>{texts.current}</b>
                      : describeAgent(session.agent) ?? texts.unknown}
                    <span className="soft block">
                      {session.current && describeAgent(session.agent)}{" "}
                      {session.address} ·{" "}
                      {texts.lastSeen(format.moment(session.last_seen_at))}
                    </span>
                  </span>
                  {!session.current && (
                    <button
                      type="button"
                      className="button"
                      disabled={end.isPending}
                      onClick={() => end.mutate({ id: session.id })}
                    >
                      {texts.end}
                    </button>
                  )}
                </li>
              ))}
            </ul>
            {sessions.data.data.length > 1 && (
              <p className="actions">
                <button
                  type="button"
                  className="button"
                  disabled={endOthers.isPending}
                  onClick={() => endOthers.mutate(undefined)}
                >
                  {texts.endOthers}
                </button>
              </p>
            )}
          </>
        )}
    </Card>
  );
}
