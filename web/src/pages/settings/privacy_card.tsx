import type { Privacy, PrivacyZone } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode, SubmitEvent } from "react";
import { useAction } from "../../app/use_action.ts";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { ConfirmButton } from "../../parts/confirm_button.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Field } from "../../parts/field.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { ZoneForm } from "./zone_form.tsx";

/** The places that others do not see. */
export function PrivacyCard(): ReactNode {
  const { profile: { privacy: texts } } = useTexts();
  const privacy = useQuery(useApi().privacy.get.queryOptions());
  return (
    <Card title={texts.title}>
      <p className="soft">{texts.text}</p>
      {privacy.isPending
        ? <Skeleton height={160} />
        : privacy.isError
        ? <Failure error={privacy.error} retry={privacy.refetch} />
        : (
          <>
            <EndsForm privacy={privacy.data} />
            <h3>{texts.zones}</h3>
            {privacy.data.zones.length === 0
              ? <p className="soft">{texts.noZones}</p>
              : (
                <ul className="rows">
                  {privacy.data.zones.map((zone) => (
                    <ZoneRow key={zone.id} zone={zone} />
                  ))}
                </ul>
              )}
            <ZoneForm />
          </>
        )}
    </Card>
  );
}

function EndsForm({ privacy }: { privacy: Privacy }): ReactNode {
  const { profile: { privacy: texts } } = useTexts();
  const update = useAction(useApi().privacy.update.mutationOptions());

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    update.mutate({
      show_maps: form.get("maps") === "on",
      hidden_start: Number(form.get("start")),
      hidden_end: Number(form.get("end")),
    });
  }

  return (
    <form className="form" onSubmit={submit}>
      <label className="check">
        <input
          type="checkbox"
          name="maps"
          defaultChecked={privacy.show_maps}
        />
        <span>{texts.showMaps}</span>
      </label>
      <div className="fields">
        {([["start", texts.start, privacy.hidden_start], [
          "end",
          texts.end,
          privacy.hidden_end,
        ]] as const).map(([name, label, metres]) => (
          <Field key={name} label={label}>
            <input
              name={name}
              type="number"
              min="0"
              max="1600"
              inputMode="numeric"
              defaultValue={metres}
              required
            />
          </Field>
        ))}
      </div>
      {update.isError && (
        <p className="form-failure" role="alert">{update.error.message}</p>
      )}
      <button type="submit" className="button" disabled={update.isPending}>
        {texts.save}
      </button>
    </form>
  );
}

function ZoneRow({ zone }: { zone: PrivacyZone }): ReactNode {
  const { profile: { privacy: texts } } = useTexts();
  const format = useFormat();
  const remove = useAction(useApi().privacy.deleteZone.mutationOptions());
  return (
    <li>
      <span>
        {zone.name}
        <span className="soft block">
          {texts.zone(format.elevation(zone.radius))} ·{" "}
          {zone.latitude.toFixed(4)}, {zone.longitude.toFixed(4)}
        </span>
        {remove.isError && <Failure error={remove.error} />}
      </span>
      <ConfirmButton
        question={texts.removeSure}
        disabled={remove.isPending}
        onConfirm={() => remove.mutate({ id: zone.id })}
      >
        {texts.remove}
      </ConfirmButton>
    </li>
  );
}
