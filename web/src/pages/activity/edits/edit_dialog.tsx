import type { ActivityDetail, EditedField } from "@paceline/sdk";
import type { ReactNode, SubmitEvent } from "react";
import { Field } from "../../../parts/field.tsx";
import { Modal } from "../../../parts/modal.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { findChanged, toFieldValues } from "./changes.ts";
import {
  CheckInput,
  GearInput,
  SportInput,
  VisibilityInput,
} from "./field_inputs.tsx";
import { NO_GEAR, readFieldValues } from "./form_values.ts";
import { useEdits } from "./use_edits.ts";

/** The dialog that changes one activity. */
export function EditDialog(
  { activity, onClose }: { activity: ActivityDetail; onClose: () => void },
): ReactNode {
  const { edits: texts, activity: names, activities, app } = useTexts();
  const edits = useEdits();
  const values = toFieldValues(activity);
  const edited = activity.edited ?? [];

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const reset = form.getAll("reset") as EditedField[];
    const set = Object.fromEntries(
      Object.entries(findChanged(values, readFieldValues(form)))
        .filter(([field]) => !reset.includes(field as EditedField)),
    );
    onClose();
    if (Object.keys(set).length + reset.length > 0) {
      void edits.update([activity.id], { set, reset });
    }
  }

  return (
    <Modal title={texts.editTitle} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Field label={texts.name}>
          <input
            name="name"
            required
            pattern=".*\S.*"
            maxLength={500}
            defaultValue={values.name}
          />
        </Field>
        <div className="form-pair">
          <SportInput name="sport_type" defaultValue={activity.sport_type} />
          <GearInput
            name="gear_id"
            defaultValue={activity.gear_id ?? NO_GEAR}
          />
        </div>
        <Field label={texts.description}>
          <textarea
            name="description"
            rows={4}
            maxLength={10_000}
            defaultValue={activity.description ?? ""}
          />
        </Field>
        <VisibilityInput
          name="visibility"
          defaultValue={activity.visibility}
        />
        <div className="form-checks">
          <CheckInput
            name="commute"
            label={activities.commute}
            defaultChecked={activity.commute}
          />
          <CheckInput
            name="race"
            label={names.race}
            defaultChecked={values.race ?? false}
          />
          <CheckInput
            name="trainer"
            label={activities.trainer}
            defaultChecked={activity.trainer}
          />
          <CheckInput
            name="excluded"
            label={names.excluded}
            defaultChecked={activity.excluded}
          />
        </div>
        <PreferredInput activity={activity} />
        {edited.length > 0 && (
          <fieldset>
            <legend>{texts.resetTitle}</legend>
            <div className="form-checks">
              {edited.map((field) => (
                <label key={field} className="check">
                  <input type="checkbox" name="reset" value={field} />
                  {names.fields[field]}
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <div className="actions">
          <button type="submit" className="button primary">{texts.save}</button>
          <button type="button" className="button" onClick={onClose}>
            {app.cancel}
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** A choice of the recording whose totals count, if there are several. */
function PreferredInput(
  { activity: { sources } }: { activity: ActivityDetail },
): ReactNode {
  const { edits: texts } = useTexts();
  const files = sources?.data.filter(({ kind }) => kind !== "strava") ?? [];
  if (!sources || sources.data.length < 2 || files.length === 0) return null;
  return (
    <Field label={texts.preferred}>
      <select
        name="preferred_source"
        defaultValue={sources.preferred ?? ""}
      >
        <option value="" disabled={sources.preferred !== null}>
          {texts.preferNone}
        </option>
        {files.map(({ id, name, kind }) => (
          <option key={id} value={id}>
            {`${name} (${kind.toUpperCase()})`}
          </option>
        ))}
      </select>
    </Field>
  );
}
