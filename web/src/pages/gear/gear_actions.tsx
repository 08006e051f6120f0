import type { GearTotal } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { type ReactNode, useState } from "react";
import { useVisitor } from "../../app/session.ts";
import { useAction } from "../../app/use_action.ts";
import { Failure } from "../../parts/failure.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { GearForm } from "./gear_form.tsx";

/** Buttons with which the owner renames and retires a gear. */
export function GearActions(
  { gear, name }: { gear: GearTotal; name: string },
): ReactNode {
  const { gear: texts } = useTexts();
  const visitor = useVisitor();
  const [isOpen, setOpen] = useState(false);
  const update = useAction(useApi().gear.update.mutationOptions());
  if (visitor.kind !== "user") return null;
  if (isOpen) return <GearForm gear={gear} onDone={() => setOpen(false)} />;
  const retire = gear.retired ? texts.unretire : texts.retire;
  return (
    <>
      {update.error && <Failure error={update.error} />}
      <p className="actions">
        <button
          type="button"
          className="button quiet"
          aria-label={`${texts.rename}: ${name}`}
          onClick={() => setOpen(true)}
        >
          {texts.rename}
        </button>
        <button
          type="button"
          className="button quiet"
          aria-label={`${retire}: ${name}`}
          disabled={update.isPending}
          onClick={() =>
            update.mutate({ id: gear.id, set: { retired: !gear.retired } })}
        >
          {retire}
        </button>
      </p>
    </>
  );
}

/** The button and the form with which the owner adds a gear. */
export function AddGear(): ReactNode {
  const { gear: texts } = useTexts();
  const visitor = useVisitor();
  const [isOpen, setOpen] = useState(false);
  if (visitor.kind !== "user") return null;
  if (isOpen) {
    return (
      <section className="card add-gear" aria-label={texts.add}>
        <GearForm onDone={() => setOpen(false)} />
      </section>
    );
  }
  return (
    <button type="button" className="button" onClick={() => setOpen(true)}>
      {texts.add}
    </button>
  );
}
