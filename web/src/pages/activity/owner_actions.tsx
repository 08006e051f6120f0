import type { ActivityDetail } from "@paceline/sdk";
import { useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useIsOwner } from "../../app/use_is_owner.ts";
import { useTexts } from "../../texts/use_texts.ts";
import { useEdits } from "./edits/use_edits.ts";

const EditDialog = lazy(async () => ({
  default: (await import("./edits/edit_dialog.tsx")).EditDialog,
}));

/** Buttons with which the owner changes the activity. Others see none. */
export function OwnerActions(
  { activity }: { activity: ActivityDetail },
): ReactNode {
  const { edits: texts } = useTexts();
  const isOwner = useIsOwner();
  const edits = useEdits();
  const navigate = useNavigate();
  const [isEditing, setEditing] = useState(false);
  if (!isOwner || activity.edited === null) return null;

  async function remove(): Promise<void> {
    // The page of a deleted activity would say that it does not exist.
    await navigate({ to: "/activities" });
    await edits.remove([activity.id]);
  }

  return (
    <>
      <button
        type="button"
        className="button"
        onClick={() => setEditing(true)}
      >
        {texts.edit}
      </button>
      <button
        type="button"
        className="button danger"
        onClick={() => void remove()}
      >
        {texts.delete}
      </button>
      {isEditing && (
        <Suspense>
          <EditDialog activity={activity} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </>
  );
}
