import type { ApiKey } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useAction } from "../../app/use_action.ts";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { ConfirmButton } from "../../parts/confirm_button.tsx";
import { Failure } from "../../parts/failure.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { KeyForm } from "./key_form.tsx";

/** The user's API keys. */
export function KeysCard({ isAdmin }: { isAdmin: boolean }): ReactNode {
  const { settings: { keys: texts } } = useTexts();
  const keys = useQuery(useApi().keys.list.queryOptions());
  return (
    <Card title={texts.title}>
      <p className="soft">{texts.text}</p>
      {keys.isPending
        ? <Skeleton height={100} />
        : keys.isError
        ? <Failure error={keys.error} retry={keys.refetch} />
        : keys.data.data.length === 0
        ? <p>{texts.none}</p>
        : (
          <ul className="rows">
            {keys.data.data.map((key) => <KeyRow key={key.id} apiKey={key} />)}
          </ul>
        )}
      <KeyForm isAdmin={isAdmin} />
    </Card>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }): ReactNode {
  const { settings: { keys: texts } } = useTexts();
  const format = useFormat();
  const revoke = useAction(useApi().keys.revoke.mutationOptions());
  const { id, name, prefix, scopes, active, last_used_at: usedAt } = apiKey;
  return (
    <li>
      <span>
        {name} <code>{prefix}…</code>
        <span className="soft block">
          {scopes.map((scope) => texts.scopeNames[scope] ?? scope).join(", ")}
        </span>
        <span className="soft block">
          {!active
            ? texts.inactive
            : usedAt
            ? texts.lastUsed(format.moment(usedAt))
            : texts.neverUsed}
        </span>
        {revoke.isError && <Failure error={revoke.error} />}
      </span>
      {active && (
        <ConfirmButton
          question={texts.revokeSure}
          disabled={revoke.isPending}
          onConfirm={() => revoke.mutate({ id })}
        >
          {texts.revoke}
        </ConfirmButton>
      )}
    </li>
  );
}
