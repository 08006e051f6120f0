import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { Failure } from "../../parts/failure.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** The state of the instance, for administrators. */
export function SystemCard(): ReactNode {
  const { settings: { system: texts }, sources: { strava } } = useTexts();
  const format = useFormat();
  const status = useQuery(useApi().admin.status.queryOptions());
  if (status.isPending) {
    return (
      <Card title={texts.title}>
        <Skeleton height={120} />
      </Card>
    );
  }
  if (status.isError) {
    return (
      <Card title={texts.title}>
        <Failure error={status.error} retry={status.refetch} />
      </Card>
    );
  }
  const { athletes, webhooks, ...instance } = status.data;
  return (
    <Card title={texts.title}>
      {instance.app_inactive_since && (
        <p className="note bad" role="status">{texts.inactive}</p>
      )}
      {instance.untrusted_proxy_since && (
        <p className="note bad" role="status">{texts.proxy}</p>
      )}
      <p>
        {texts.webhooks}: {webhooks.enabled ? texts.on : texts.off}
        {webhooks.enabled &&
          ` · ${texts.waiting(format.number(webhooks.waiting))}`}
      </p>
      <h3>{texts.athletes}</h3>
      <ul className="rows">
        {athletes.map((athlete) => (
          <li key={athlete.id}>
            <span>
              {athlete.name}
              <span className="soft block">
                {strava.activities(format.number(athlete.activities))}
                {athlete.last_success_at &&
                  ` · ${
                    strava.lastSync(format.moment(athlete.last_success_at))
                  }`}
              </span>
            </span>
            {athlete.failures > 0 && (
              <span className="form-failure">
                {texts.failures(athlete.failures)}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
