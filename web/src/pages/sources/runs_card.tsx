import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { Failure } from "../../parts/failure.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** The newest syncs of the user's athlete. */
export function RunsCard(): ReactNode {
  const { sources: { strava: texts, upload } } = useTexts();
  const format = useFormat();
  const runs = useQuery(useApi().sync.runs.queryOptions({ limit: 20 }));
  if (runs.isPending) {
    return (
      <Card title={texts.runs} wide>
        <Skeleton height={160} />
      </Card>
    );
  }
  if (runs.isError) {
    return (
      <Card title={texts.runs} wide>
        <Failure error={runs.error} retry={runs.refetch} />
      </Card>
    );
  }
  return (
    <Card title={texts.runs} wide>
      {runs.data.data.length === 0
        ? <p className="soft">{texts.noRuns}</p>
        : (
          <div
            className="scroll"
            role="region"
            aria-label={texts.runs}
            tabIndex={0}
          >
            <table>
              <thead>
                <tr>
                  <th scope="col">{upload.started}</th>
                  <th scope="col">{texts.trigger}</th>
                  <th scope="col">{upload.state}</th>
                  <th scope="col" className="right">{texts.fetched}</th>
                  <th scope="col" className="right">{texts.inserted}</th>
                  <th scope="col" className="right">{texts.updated}</th>
                  <th scope="col" className="right">{texts.deleted}</th>
                </tr>
              </thead>
              <tbody>
                {runs.data.data.map((run) => (
                  <tr key={run.id}>
                    <td>{format.moment(run.started_at)}</td>
                    <td>{texts.triggers[run.trigger]}</td>
                    <td>
                      {texts.statuses[run.status]}
                      {run.error && (
                        <span className="soft">{run.error.detail}</span>
                      )}
                    </td>
                    <td className="right">{format.number(run.fetched)}</td>
                    <td className="right">{format.number(run.inserted)}</td>
                    <td className="right">{format.number(run.updated)}</td>
                    <td className="right">{format.number(run.deleted)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
    </Card>
  );
}
