import type { ReactNode, SubmitEvent } from "react";
import { useFormat } from "../../../format/use_format.ts";
import { Modal } from "../../../parts/modal.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import {
  GearInput,
  SportInput,
  VisibilityInput,
  YesNoInput,
} from "./field_inputs.tsx";
import { readChosenValues, UNCHANGED } from "./form_values.ts";
import { useEdits } from "./use_edits.ts";

/** The dialog that changes several activities at once. */
export function BulkDialog(
  { ids, onClose }: { ids: readonly number[]; onClose: () => void },
): ReactNode {
  const { edits: texts, activity, activities, app } = useTexts();
  const format = useFormat();
  const edits = useEdits();

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const set = readChosenValues(new FormData(event.currentTarget));
    onClose();
    if (Object.keys(set).length > 0) void edits.update(ids, { set, reset: [] });
  }

  return (
    <Modal
      title={texts.bulkTitle(ids.length, format.number(ids.length))}
      onClose={onClose}
    >
      <form className="form" onSubmit={submit}>
        <div className="form-pair">
          <SportInput name="sport_type" defaultValue={UNCHANGED} canLeave />
          <GearInput name="gear_id" defaultValue={UNCHANGED} canLeave />
          <VisibilityInput
            name="visibility"
            defaultValue={UNCHANGED}
            canLeave
          />
          <YesNoInput name="commute" label={activities.commute} />
          <YesNoInput name="race" label={activity.race} />
          <YesNoInput name="trainer" label={activities.trainer} />
          <YesNoInput name="excluded" label={activity.excluded} />
        </div>
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
