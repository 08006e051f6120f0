import type { Activity } from "@paceline/sdk";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { useFormat } from "../../format/use_format.ts";
import { useTexts } from "../../texts/use_texts.ts";
import { ActivityRow } from "./activity_row.tsx";
import type { Selection } from "./selection.ts";

/** Rows ahead of the last loaded one at which the next page is fetched. */
const AHEAD = 40;
const ROW_HEIGHTS = { table: 56, cards: 112 };

/** The activities, of which only those in view are in the document. */
export function ActivityList(
  { activities, selection, total, view, isLoadingMore, isStale, loadMore }: {
    activities: readonly Activity[];
    selection: Selection;
    total: number;
    view: "table" | "cards";
    isLoadingMore: boolean;
    /** Whether these are the activities of earlier filters. */
    isStale: boolean;
    loadMore: () => void;
  },
): ReactNode {
  const { activities: texts, metrics } = useTexts();
  const format = useFormat();
  const list = useRef<HTMLDivElement>(null);
  const virtualizer = useWindowVirtualizer({
    count: activities.length,
    estimateSize: () => ROW_HEIGHTS[view],
    overscan: 12,
    scrollMargin: list.current?.offsetTop ?? 0,
    getItemKey: (index) => activities[index]!.id,
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= activities.length - AHEAD) loadMore();
  }, [last, activities.length, loadMore]);
  return (
    <>
      <div
        className={`activities ${view}`}
        role="table"
        aria-label={texts.title}
        aria-rowcount={total + 1}
        aria-busy={isStale}
      >
        <div role="rowgroup" className="activities-head">
          <div role="row" aria-rowindex={1} className="activities-row">
            <span role="columnheader">{texts.name}</span>
            <span role="columnheader">{texts.date}</span>
            <span role="columnheader" className="right">
              {metrics.distance}
            </span>
            <span role="columnheader" className="right">
              {metrics.movingTime}
            </span>
            <span role="columnheader" className="right">{metrics.pace}</span>
            <span role="columnheader" className="right">
              {metrics.elevation}
            </span>
          </div>
        </div>
        <div
          role="rowgroup"
          ref={list}
          className="activities-body"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {rows.map(({ index, key, start }) => (
            <ActivityRow
              key={key}
              activity={activities[index]!}
              rowIndex={index + 2}
              selection={selection.isOn ? selection : undefined}
              measure={virtualizer.measureElement}
              index={index}
              offset={start - virtualizer.options.scrollMargin}
            />
          ))}
        </div>
      </div>
      <p className="soft list-end" role="status">
        {isLoadingMore
          ? texts.loadingMore
          : activities.length >= total
          ? texts.end(format.number(total))
          : ""}
      </p>
    </>
  );
}
