import type { Athlete } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { BASE_PATH } from "../../app/base_path.ts";
import { useAction } from "../../app/use_action.ts";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { ConfirmButton } from "../../parts/confirm_button.tsx";
import { Failure } from "../../parts/failure.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { SyncState } from "./sync_state.tsx";

/** The athletes of the user, and their connection to Strava. */
export function StravaCard(): ReactNode {
  const { sources: { strava: texts } } = useTexts();
  const api = useApi();
  const instance = useQuery(api.auth.instance.queryOptions());
  const athletes = useQuery(api.athletes.list.queryOptions());
  const failed = [instance, athletes].find(({ isError }) => isError);
  return (
    <Card title={texts.title} wide>
      {failed?.error
        ? <Failure error={failed.error} retry={failed.refetch} />
        : !instance.data || !athletes.data
        ? <Skeleton height={120} />
        : (
          <>
            {athletes.data.data.map((athlete) => (
              <AthleteRow
                key={athlete.id}
                athlete={athlete}
                hasApp={instance.data.strava}
              />
            ))}
            {!instance.data.strava
              ? <p className="soft">{texts.noApp}</p>
              : !athletes.data.data.some(({ connected }) => connected) &&
                <Connect>{texts.connect}</Connect>}
          </>
        )}
    </Card>
  );
}

function Connect({ children }: { children: ReactNode }): ReactNode {
  return (
    <p className="actions">
      <a className="button primary" href={`${BASE_PATH}/strava/authorize`}>
        {children}
      </a>
    </p>
  );
}

function AthleteRow(
  { athlete, hasApp }: { athlete: Athlete; hasApp: boolean },
): ReactNode {
  const { sources: { strava: texts } } = useTexts();
  const format = useFormat();
  const api = useApi();
  const refresh = useAction(api.admin.refresh.mutationOptions());
  const disconnect = useAction(api.athletes.disconnect.mutationOptions());
  const { id, connected, reconnect_needed: reconnect } = athlete;
  const state = connected
    ? texts.connected
    : athlete.id >= 2 ** 52
    ? texts.fromFiles
    : texts.notConnected;
  const failure = refresh.error ?? disconnect.error;
  return (
    <div className="athlete">
      <p>
        <b>{athlete.name}</b>
        <span className="soft">
          {state} · {texts.activities(format.number(athlete.activities))}
        </span>
      </p>
      {reconnect && hasApp && (
        <>
          <p className="note bad" role="alert">{texts.reconnect}</p>
          <Connect>{texts.connect}</Connect>
        </>
      )}
      {connected && <SyncState athleteId={id} />}
      {failure && <Failure error={failure} />}
      {connected && (
        <div className="actions">
          <button
            type="button"
            className="button"
            disabled={refresh.isPending}
            onClick={() => refresh.mutate({ athlete: id })}
          >
            {refresh.isPending ? texts.syncing : texts.syncNow}
          </button>
          <button
            type="button"
            className="button"
            disabled={refresh.isPending}
            onClick={() => refresh.mutate({ athlete: id, mode: "full" })}
          >
            {texts.syncFull}
          </button>
          <ConfirmButton
            question={texts.disconnectSure}
            onConfirm={() => disconnect.mutate({ athlete: id })}
            disabled={disconnect.isPending}
          >
            {texts.disconnect}
          </ConfirmButton>
        </div>
      )}
    </div>
  );
}
