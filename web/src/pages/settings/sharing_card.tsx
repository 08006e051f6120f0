import type { Athlete } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useAction } from "../../app/use_action.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { ConfirmButton } from "../../parts/confirm_button.tsx";
import { CopyButton } from "../../parts/copy_button.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Field } from "../../parts/field.tsx";
import { useTexts } from "../../texts/use_texts.ts";

const LEVELS = ["private", "link", "public"] as const;

/** The audience of each athlete of the user. */
export function SharingCard(): ReactNode {
  const { settings: { sharing: texts } } = useTexts();
  const athletes = useQuery(useApi().athletes.list.queryOptions());
  return (
    <Card title={texts.title}>
      <p className="soft">{texts.text}</p>
      {athletes.isPending
        ? <Skeleton height={100} />
        : athletes.isError
        ? <Failure error={athletes.error} retry={athletes.refetch} />
        : athletes.data.data.length === 0
        ? <p>{texts.none}</p>
        : athletes.data.data.map((athlete) => (
          <AthleteSharing
            key={athlete.id}
            athlete={athlete}
            isOnly={athletes.data.data.length === 1}
          />
        ))}
    </Card>
  );
}

function AthleteSharing(
  { athlete, isOnly }: { athlete: Athlete; isOnly: boolean },
): ReactNode {
  const { settings: { sharing: texts } } = useTexts();
  const api = useApi().athletes;
  const setVisibility = useAction(api.setVisibility.mutationOptions());
  const renew = useAction(api.renewLink.mutationOptions());
  const setDefault = useAction(api.setDefault.mutationOptions());
  const remove = useAction(api.delete.mutationOptions());
  const { id, name, share_token: token } = athlete;
  const failure = setVisibility.error ?? renew.error ?? setDefault.error ??
    remove.error;
  const link = token && new URL(`shared/${token}`, document.baseURI).href;
  return (
    <div className="athlete">
      <p>
        <b>{name}</b>
      </p>
      <Field label={texts.visibility}>
        <select
          value={athlete.visibility}
          disabled={setVisibility.isPending}
          onChange={({ target: { value } }) =>
            setVisibility.mutate({
              athlete: id,
              visibility: value as Athlete["visibility"],
            })}
        >
          {LEVELS.map((level) => (
            <option key={level} value={level}>{texts.levels[level]}</option>
          ))}
        </select>
      </Field>
      {failure && <Failure error={failure} />}
      {athlete.visibility === "link" && link && (
        <Field label={texts.link}>
          <input
            readOnly
            value={link}
            onFocus={(event) => event.target.select()}
          />
        </Field>
      )}
      <div className="actions">
        {athlete.visibility === "link" && link && (
          <>
            <CopyButton text={link} name={texts.copy} />
            <ConfirmButton
              question={texts.renewSure}
              disabled={renew.isPending}
              onConfirm={() => renew.mutate({ athlete: id })}
            >
              {texts.renew}
            </ConfirmButton>
          </>
        )}
        {!isOnly && !athlete.is_default && (
          <button
            type="button"
            className="button"
            disabled={setDefault.isPending}
            onClick={() => setDefault.mutate({ athlete: id })}
          >
            {texts.makeDefault}
          </button>
        )}
        <ConfirmButton
          className="danger"
          question={texts.removeSure}
          disabled={remove.isPending}
          onConfirm={() => remove.mutate({ athlete: id })}
        >
          {texts.remove}
        </ConfirmButton>
      </div>
    </div>
  );
}
