import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useAction } from "../../app/use_action.ts";
import { useFormat } from "../../format/use_format.ts";
import { Card } from "../../parts/card.tsx";
import { ConfirmButton } from "../../parts/confirm_button.tsx";
import { Failure } from "../../parts/failure.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** Deletions that wait for a confirmation, and activities that cannot be read. Empty if there are none. */
export function RepairCards(): ReactNode {
  return (
    <>
      <PendingDeletions />
      <QuarantineCard />
    </>
  );
}

function PendingDeletions(): ReactNode {
  const { sources: { strava: texts } } = useTexts();
  const format = useFormat();
  const api = useApi();
  const status = useQuery(api.admin.status.queryOptions());
  const confirm = useAction(api.admin.confirmDeletions.mutationOptions());
  const pending =
    status.data?.athletes.filter(({ pending_deletions }) =>
      pending_deletions !== null
    ) ?? [];
  return pending.map(({ id, name, pending_deletions: deletions }) => (
    <Card key={id} title={name} wide>
      <p className="note bad" role="status">
        {texts.pending(format.number(deletions?.count ?? 0))}
      </p>
      {confirm.isError && <Failure error={confirm.error} />}
      <ConfirmButton
        question={texts.pending(format.number(deletions?.count ?? 0))}
        className="danger"
        disabled={confirm.isPending}
        onConfirm={() =>
          confirm.mutate({ athlete: id })}
      >
        {texts.confirm}
      </ConfirmButton>
    </Card>
  ));
}

function QuarantineCard(): ReactNode {
  const { sources: { strava: texts, upload } } = useTexts();
  const format = useFormat();
  const quarantine = useQuery(useApi().admin.quarantine.queryOptions());
  if (!quarantine.data || quarantine.data.total === 0) return null;
  return (
    <Card title={texts.quarantine} wide>
      <p className="soft">{texts.quarantineText}</p>
      <div
        className="scroll"
        role="region"
        aria-label={texts.quarantine}
        tabIndex={0}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">Id</th>
              <th scope="col">{upload.reason}</th>
              <th scope="col">{upload.started}</th>
            </tr>
          </thead>
          <tbody>
            {quarantine.data.data.map(({ id, reason, last_seen_at: at }) => (
              <tr key={id}>
                <td>{id}</td>
                <td>{reason}</td>
                <td>{format.moment(at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
