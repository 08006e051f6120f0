import { useApi, useClient } from "@paceline/sdk/react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { notify } from "../../../app/notices.ts";
import { useFormat } from "../../../format/use_format.ts";
import { Field } from "../../../parts/field.tsx";
import { Modal } from "../../../parts/modal.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { readCreateInput } from "./create_values.ts";
import { toEditFailure } from "./edit_failure.ts";
import {
  CheckInput,
  GearInput,
  SportInput,
  VisibilityInput,
} from "./field_inputs.tsx";
import { NO_GEAR } from "./form_values.ts";

/** The dialog that enters an activity without a file. */
export function CreateDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { edits: texts, activity, activities, app } = useTexts();
  const format = useFormat();
  const client = useClient();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<string>();
  const [isSending, setSending] = useState(false);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const input = readCreateInput(new FormData(event.currentTarget), {
      metresPerDistance: 1 / format.inDistanceUnit(1),
      isMetric: format.units === "metric",
      timezone: timeZone,
    });
    if (!input) {
      setFailure(texts.noDuration);
      return;
    }
    setSending(true);
    try {
      const { id, status } = await client.activities.create.mutate(input);
      notify({ text: texts.created[status] });
      onClose();
      await queries.invalidateQueries({ queryKey: api.queryKey() });
      await navigate({ to: "/activities/$id", params: { id: String(id) } });
    } catch (error) {
      setFailure(toEditFailure(error as Error, texts));
      setSending(false);
    }
  }

  return (
    <Modal title={texts.createTitle} onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Field label={texts.name}>
          <input name="name" required pattern=".*\S.*" maxLength={500} />
        </Field>
        <div className="form-pair">
          <SportInput name="sport_type" defaultValue="Run" />
          <GearInput name="gear_id" defaultValue={NO_GEAR} />
          <Field label={activities.date}>
            <input
              name="date"
              type="date"
              required
              min="1950-01-01"
              defaultValue={toToday()}
            />
          </Field>
          <Field label={texts.time} note={timeZone}>
            <input name="time" type="time" required defaultValue="08:00" />
          </Field>
        </div>
        <fieldset>
          <legend className="field-label">{texts.duration}</legend>
          <div className="form-triple">
            {(["hours", "minutes", "seconds"] as const).map((name) => (
              <Field key={name} label={texts[name]}>
                <input
                  name={name}
                  type="number"
                  min="0"
                  max={name === "hours" ? 2000 : 59}
                  step="1"
                  inputMode="numeric"
                />
              </Field>
            ))}
          </div>
        </fieldset>
        <div className="form-triple">
          <Field label={`${texts.distance} (${format.distanceUnit})`}>
            <input
              name="distance"
              type="number"
              min="0"
              max="60000"
              step="any"
              inputMode="decimal"
            />
          </Field>
          <Field
            label={`${texts.climb} (${format.units === "metric" ? "m" : "ft"})`}
          >
            <input
              name="elevation"
              type="number"
              min="0"
              max="1000000"
              step="any"
              inputMode="decimal"
            />
          </Field>
          <Field label={texts.heartRate}>
            <input
              name="heart_rate"
              type="number"
              min="20"
              max="254"
              inputMode="numeric"
            />
          </Field>
        </div>
        <Field label={texts.description}>
          <textarea name="description" rows={3} maxLength={10_000} />
        </Field>
        <VisibilityInput name="visibility" defaultValue="only_me" />
        <div className="form-checks">
          <CheckInput
            name="commute"
            label={activities.commute}
            defaultChecked={false}
          />
          <CheckInput
            name="race"
            label={activity.race}
            defaultChecked={false}
          />
          <CheckInput
            name="trainer"
            label={activities.trainer}
            defaultChecked={false}
          />
        </div>
        {failure && <p className="form-failure" role="alert">{failure}</p>}
        <div className="actions">
          <button
            type="submit"
            className="button primary"
            disabled={isSending}
          >
            {texts.create}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {app.cancel}
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** Returns today's date where the visitor is. */
function toToday(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
    .toISOString().slice(0, 10);
}
