import type { Activity } from "@paceline/sdk";
import type { ReactNode, SubmitEvent } from "react";
import { useFormat } from "../../../format/use_format.ts";
import { Modal } from "../../../parts/modal.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { useEdits } from "./use_edits.ts";

/** Ids from here on belong to activities that came by file. Strava's stay, because files can become a part of them. */
const FIRST_FILE_ID = 2 ** 52;

/** The dialog that merges activities: it asks which one stays. */
export function MergeDialog(
  { activities, onClose, onMerged }: {
    activities: readonly Activity[];
    onClose: () => void;
    onMerged: () => void;
  },
): ReactNode {
  const { edits: texts, app } = useTexts();
  const format = useFormat();
  const edits = useEdits();
  const suggested = activities.find(({ id }) => id < FIRST_FILE_ID) ??
    activities[0];

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const id = Number(new FormData(event.currentTarget).get("id"));
    const others = activities.map((each) => each.id)
      .filter((each) => each !== id);
    onClose();
    void edits.merge(id, others).then((isMerged) => {
      if (isMerged) onMerged();
    });
  }

  return (
    <Modal title={texts.mergeTitle} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <p className="soft">{texts.mergeText}</p>
        <fieldset>
          <legend>{texts.mergeStays}</legend>
          {activities.map((each) => (
            <label key={each.id} className="check">
              <input
                type="radio"
                name="id"
                value={each.id}
                defaultChecked={each === suggested}
              />
              <span>
                {each.name}
                <span className="soft block">
                  {format.day(each.start_date_local)},{" "}
                  {format.timeOfDay(each.start_date_local)} ·{" "}
                  {format.distance(each.distance)} ·{" "}
                  {format.clock(each.moving_time)}
                </span>
              </span>
            </label>
          ))}
        </fieldset>
        <div className="actions">
          <button type="submit" className="button primary">
            {texts.merge}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {app.cancel}
          </button>
        </div>
      </form>
    </Modal>
  );
}
