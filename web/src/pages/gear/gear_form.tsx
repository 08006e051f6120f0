import type { GearTotal } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { useAction } from "../../app/use_action.ts";
import { Failure } from "../../parts/failure.tsx";
import { Field } from "../../parts/field.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { toGearChanges } from "./merge_gear.ts";

/** The form that adds a gear, or renames one. */
export function GearForm(
  { gear, onDone }: { gear?: GearTotal; onDone: () => void },
): ReactNode {
  const { gear: texts, app } = useTexts();
  const api = useApi().gear;
  const create = useAction(api.create.mutationOptions(), { onSuccess: onDone });
  const update = useAction(api.update.mutationOptions(), { onSuccess: onDone });
  const [kind, setKind] = useState<"bike" | "shoes">("shoes");
  const failure = create.error ?? update.error;
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const toText = (name: string): string => String(form.get(name) ?? "");
    const names = {
      name: toText("name").trim(),
      brand: toText("brand").trim(),
      model: toText("model").trim(),
    };
    if (!gear) {
      create.mutate({
        kind,
        name: names.name,
        ...names.brand && { brand: names.brand },
        ...names.model && { model: names.model },
      });
      return;
    }
    const { set, reset } = toGearChanges(gear, names);
    if (Object.keys(set).length === 0 && reset.length === 0) return onDone();
    update.mutate({
      id: gear.id,
      ...Object.keys(set).length > 0 && { set },
      ...reset.length > 0 && { reset },
    });
  };
  return (
    <form className="form" onSubmit={submit}>
      {failure && <Failure error={failure} />}
      {!gear && (
        <Field label={texts.kind}>
          <select
            value={kind}
            onChange={({ target: { value } }) =>
              setKind(value === "bike" ? "bike" : "shoes")}
          >
            <option value="shoes">{texts.kinds.shoes}</option>
            <option value="bike">{texts.kinds.bike}</option>
          </select>
        </Field>
      )}
      <Field label={texts.nameField}>
        <input
          name="name"
          required={!gear}
          autoFocus
          defaultValue={gear?.name ?? ""}
        />
      </Field>
      <Field label={texts.brand}>
        <input name="brand" defaultValue={gear?.brand ?? ""} />
      </Field>
      <Field label={texts.model}>
        <input name="model" defaultValue={gear?.model ?? ""} />
      </Field>
      <p className="actions">
        <button
          type="submit"
          className="button primary"
          disabled={create.isPending || update.isPending}
        >
          {texts.saveGear}
        </button>
        <button type="button" className="button quiet" onClick={onDone}>
          {app.cancel}
        </button>
      </p>
    </form>
  );
}
