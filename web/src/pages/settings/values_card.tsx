import type { AthleteValue, AthleteValueKind } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { useAction } from "../../app/use_action.ts";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { ConfirmButton } from "../../parts/confirm_button.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Field } from "../../parts/field.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { describeValue } from "./describe_value.ts";
import { isPace, isZones, parseValue } from "./parse_value.ts";

/** The athlete's weight, thresholds and zones, each from its day on. */
export function ValuesCard(): ReactNode {
  const { profile: { values: texts } } = useTexts();
  const values = useQuery(useApi().athleteValues.list.queryOptions());
  return (
    <Card title={texts.title}>
      <p className="soft">{texts.text}</p>
      {values.isPending
        ? <Skeleton height={100} />
        : values.isError
        ? <Failure error={values.error} retry={values.refetch} />
        : (
          <>
            {values.data.data.length === 0 && <p>{texts.none}</p>}
            <ul className="rows">
              {values.data.data.map((value) => (
                <ValueRow
                  key={`${value.kind} ${value.date} ${value.source}`}
                  value={value}
                />
              ))}
            </ul>
            <ValueForm />
          </>
        )}
    </Card>
  );
}

function ValueRow({ value }: { value: AthleteValue }): ReactNode {
  const { profile: { values: texts } } = useTexts();
  const format = useFormat();
  const remove = useAction(useApi().athleteValues.delete.mutationOptions());
  const { kind, date, source } = value;
  return (
    <li>
      <span>
        {texts.kinds[kind]}: {describeValue(value, format)}
        <span className="soft block">
          {texts.from} {format.day(date)} · {texts.sources[source]}
        </span>
        {remove.isError && <Failure error={remove.error} />}
      </span>
      {source === "owner" && (
        <ConfirmButton
          question={texts.removeSure}
          disabled={remove.isPending}
          onConfirm={() => remove.mutate({ kind, date })}
        >
          {texts.remove}
        </ConfirmButton>
      )}
    </li>
  );
}

function ValueForm(): ReactNode {
  const { profile: { values: texts } } = useTexts();
  const [kind, setKind] = useState<AthleteValueKind>("weight");
  const [isWrong, setWrong] = useState(false);
  const set = useAction(useApi().athleteValues.set.mutationOptions());

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const parsed = parseValue(kind, String(form.get("amount")));
    setWrong(!parsed);
    if (parsed) set.mutate({ kind, date: String(form.get("date")), ...parsed });
  }

  return (
    <form className="form" onSubmit={submit}>
      <div className="fields">
        <Field label={texts.kind}>
          <select
            value={kind}
            onChange={({ target }) => setKind(target.value as AthleteValueKind)}
          >
            {Object.entries(texts.kinds).map(([value, name]) => (
              <option key={value} value={value}>{name}</option>
            ))}
          </select>
        </Field>
        <Field
          label={texts.amount}
          {...isPace(kind)
            ? { note: texts.paceNote }
            : isZones(kind)
            ? { note: texts.zonesNote }
            : {}}
        >
          <input name="amount" required inputMode="text" autoComplete="off" />
        </Field>
        <Field label={texts.from}>
          <input name="date" type="date" required />
        </Field>
      </div>
      {isWrong && <p className="form-failure" role="alert">{texts.wrong}</p>}
      {set.isError && (
        <p className="form-failure" role="alert">{set.error.message}</p>
      )}
      <button type="submit" className="button" disabled={set.isPending}>
        {texts.set}
      </button>
    </form>
  );
}
