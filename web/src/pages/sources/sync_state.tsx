import type { RateBudget, SyncStatus } from "@paceline/sdk";
import type { ReactNode } from "react";
import { useFormat } from "../../format/use_format.ts";
import { Skeleton } from "../../parts/card.tsx";
import { Failure } from "../../parts/failure.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { useSyncStatus } from "./use_sync_status.ts";

/** The live state of an athlete's sync, and of Strava's rate limit. */
export function SyncState({ athleteId }: { athleteId: number }): ReactNode {
  const status = useSyncStatus(athleteId);
  if (status.isPending) return <Skeleton height={72} />;
  if (status.isError) {
    return <Failure error={status.error} retry={status.refetch} />;
  }
  return <SyncFacts status={status.data} />;
}

function SyncFacts({ status }: { status: SyncStatus }): ReactNode {
  const { sources: { strava: texts } } = useTexts();
  const format = useFormat();
  const { phase, run, remaining, streams } = status;
  const fetched = run?.fetched ?? 0;
  return (
    <div role="status">
      <p>
        {texts.phases[phase]}
        {remaining !== null && remaining > 0 && phase !== "idle" &&
          `: ${
            texts.remaining(format.number(fetched), format.number(remaining))
          }`}
      </p>
      {remaining !== null && remaining > 0 && phase === "history" && (
        <progress
          value={status.activities}
          max={status.activities + remaining}
          aria-label={texts.phases.history}
        />
      )}
      {run?.error && <p className="form-failure">{run.error.detail}</p>}
      <p className="soft">
        {status.last_success_at
          ? texts.lastSync(format.moment(status.last_success_at))
          : texts.never}
        {status.next_due_at &&
          ` · ${texts.nextSync(format.moment(status.next_due_at))}`}
      </p>
      {streams && (
        <p className="soft">
          {texts.streams}: {texts.streamsText(
            format.number(streams.stored),
            format.number(streams.waiting),
          )}
        </p>
      )}
      {status.rate_budget && <Budget budget={status.rate_budget} />}
    </div>
  );
}

function Budget(
  { budget: { overall: { limit, usage } } }: { budget: RateBudget },
): ReactNode {
  const { sources: { strava: texts } } = useTexts();
  const format = useFormat();
  const parts =
    ([["short", texts.budgetShort], ["daily", texts.budgetDaily]] as const)
      .flatMap(([window, toText]) => {
        const [used, all] = [usage[window], limit[window]];
        return used === null || all === null
          ? []
          : [toText(format.number(used), format.number(all))];
      });
  return <p className="soft">{texts.budget}: {parts.join(", ")}</p>;
}
