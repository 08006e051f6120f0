import type { Activity } from "@paceline/sdk";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useFormat } from "../../format/use_format.ts";
import { useTexts } from "../../texts/use_texts.ts";
import { useEdits } from "../activity/edits/use_edits.ts";
import type { Selection } from "./selection.ts";

const BulkDialog = lazy(async () => ({
  default: (await import("../activity/edits/bulk_dialog.tsx")).BulkDialog,
}));
const MergeDialog = lazy(async () => ({
  default: (await import("../activity/edits/merge_dialog.tsx")).MergeDialog,
}));

/** Most activities of one merge: the one that stays, and 20 others. */
const MOST_MERGED = 21;

/** The bar with all that can be done with the chosen activities. */
export function SelectionBar(
  { selection, activities }: {
    selection: Selection;
    activities: readonly Activity[];
  },
): ReactNode {
  const { edits: texts } = useTexts();
  const format = useFormat();
  const edits = useEdits();
  const [dialog, setDialog] = useState<"bulk" | "merge">();
  const chosen = activities.filter(({ id }) => selection.ids.has(id));
  const ids = chosen.map(({ id }) => id);
  const { length } = ids;
  const canMerge = length >= 2 && length <= MOST_MERGED;
  const close = (): void => setDialog(undefined);
  return (
    <div
      className="selection-bar"
      role="toolbar"
      aria-label={texts.selection}
    >
      <span role="status">
        {texts.selected(length, format.number(length))}
      </span>
      <button type="button" className="button" onClick={selection.all}>
        {texts.selectAll}
      </button>
      <button
        type="button"
        className="button"
        disabled={length === 0}
        onClick={selection.none}
      >
        {texts.selectNone}
      </button>
      <button
        type="button"
        className="button"
        disabled={length === 0}
        onClick={() => setDialog("bulk")}
      >
        {texts.edit}
      </button>
      <button
        type="button"
        className="button"
        disabled={!canMerge}
        title={canMerge ? undefined : texts.mergeLimit(MOST_MERGED)}
        onClick={() => setDialog("merge")}
      >
        {texts.merge}
      </button>
      <button
        type="button"
        className="button danger"
        disabled={length === 0}
        onClick={() => {
          selection.none();
          void edits.remove(ids);
        }}
      >
        {texts.delete}
      </button>
      <button type="button" className="button quiet" onClick={selection.end}>
        {texts.selectDone}
      </button>
      <Suspense>
        {dialog === "bulk" && <BulkDialog ids={ids} onClose={close} />}
        {dialog === "merge" && (
          <MergeDialog
            activities={chosen}
            onClose={close}
            onMerged={selection.none}
          />
        )}
      </Suspense>
    </div>
  );
}
