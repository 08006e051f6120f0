import { Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useIsOwner } from "../../app/use_is_owner.ts";
import { useTexts } from "../../texts/use_texts.ts";
import { type ActivitySearch, toExportAddress } from "./search.ts";
import type { Selection } from "./selection.ts";

const CreateDialog = lazy(async () => ({
  default: (await import("../activity/edits/create_dialog.tsx")).CreateDialog,
}));

/** The buttons above the list. Only owners may change activities. */
export function ListActions(
  { search, selection, total }: {
    search: ActivitySearch;
    selection: Selection;
    total: number;
  },
): ReactNode {
  const { edits: texts } = useTexts();
  const isOwner = useIsOwner();
  const [isCreating, setCreating] = useState(false);
  return (
    <div className="actions list-actions">
      {isOwner && (
        <>
          {total > 0 && (
            <button
              type="button"
              className="button"
              aria-pressed={selection.isOn}
              onClick={selection.isOn ? selection.end : selection.start}
            >
              {texts.select}
            </button>
          )}
          <button
            type="button"
            className="button"
            onClick={() => setCreating(true)}
          >
            {texts.enter}
          </button>
          <Link to="/activities/deleted" className="button">
            {texts.trash}
          </Link>
        </>
      )}
      {total > 0 && (
        <a className="button" href={toExportAddress(search)} download>
          {texts.export}
        </a>
      )}
      {isCreating && (
        <Suspense>
          <CreateDialog onClose={() => setCreating(false)} />
        </Suspense>
      )}
    </div>
  );
}
