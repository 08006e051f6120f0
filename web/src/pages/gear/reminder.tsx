import type { GearTotal } from "@paceline/sdk";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { setGearReminder, useGearReminders } from "../../app/gear_reminders.ts";
import { isReminder } from "../../app/parse_reminders.ts";
import { createMeasure } from "../../format/metric.ts";
import { useFormat } from "../../format/use_format.ts";
import { Field } from "../../parts/field.tsx";
import { ProgressBar } from "../../parts/progress_bar.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** The distance at which a gear has a reminder, and the form that sets it. */
export function Reminder(
  { gear: { id, distance }, name }: { gear: GearTotal; name: string },
): ReactNode {
  const { gear: texts } = useTexts();
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const reminder = useGearReminders().get(id);
  const measure = createMeasure("distance", format);
  if (isOpen) {
    return <ReminderForm id={id} onDone={() => setOpen(false)} />;
  }
  const left = (reminder ?? 0) - distance;
  const text = reminder === undefined
    ? ""
    : left > 0
    ? texts.left(measure.text(left), measure.text(reminder))
    : texts.over(measure.text(-left), measure.text(reminder));
  return (
    <>
      {reminder !== undefined && (
        <>
          <ProgressBar
            label={texts.reminderOf(name)}
            text={text}
            share={distance / reminder}
          />
          <p className={left > 0 ? "soft" : "due"}>{text}</p>
        </>
      )}
      <p className="actions">
        <button
          type="button"
          className="button"
          aria-label={`${
            reminder === undefined ? texts.addReminder : texts.changeReminder
          }: ${name}`}
          onClick={() => setOpen(true)}
        >
          {reminder === undefined ? texts.addReminder : texts.changeReminder}
        </button>
      </p>
    </>
  );
}

function ReminderForm(
  { id, onDone }: { id: string; onDone: () => void },
): ReactNode {
  const { gear: texts, app } = useTexts();
  const format = useFormat();
  const { unit, inUnit } = createMeasure("distance", format);
  const reminder = useGearReminders().get(id);
  const [amount, setAmount] = useState(
    reminder === undefined ? "" : String(Math.round(inUnit(reminder))),
  );
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const metres = Number(amount) / inUnit(1);
    if (amount === "") setGearReminder(id, undefined);
    else if (isReminder(metres)) setGearReminder(id, metres);
    else return;
    onDone();
  };
  return (
    <form className="form" onSubmit={submit}>
      <Field label={`${texts.remindAt} (${unit})`} note={texts.emptyRemoves}>
        <input
          type="number"
          min="1"
          max="200000"
          step="any"
          inputMode="decimal"
          autoFocus
          value={amount}
          onChange={(event) => setAmount(event.target.value)}
        />
      </Field>
      <p className="actions">
        <button type="submit" className="button primary">{texts.save}</button>
        <button type="button" className="button quiet" onClick={onDone}>
          {app.cancel}
        </button>
      </p>
    </form>
  );
}
