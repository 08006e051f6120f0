import type { ReactNode } from "react";
import type { Activity } from "@paceline/sdk";
import { useFormat } from "../../format/use_format.ts";
import { useSportName } from "../../format/use_sport_name.ts";
import { ActivityLink } from "../../parts/activity_link.tsx";
import { Icon, toSportIcon } from "../../parts/icon.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import type { Selection } from "./selection.ts";

/** One activity of the list. On a phone its cells become two lines. */
export function ActivityRow(
  { activity, selection, index, rowIndex, offset, measure }: {
    activity: Activity;
    /** Choosing activities, while it is on. */
    selection: Selection | undefined;
    index: number;
    /** Place in the whole table, for screen readers. */
    rowIndex: number;
    /** Distance from the top of the list, in pixels. */
    offset: number;
    /** Tells the list how high the row is. */
    measure: (element: HTMLElement | null) => void;
  },
): ReactNode {
  const { activities: texts } = useTexts();
  const format = useFormat();
  const toSportName = useSportName();
  const notes = [
    toSportName(activity.sport_type),
    activity.commute && texts.commute,
    activity.trainer && texts.trainer,
    activity.manual && texts.manual,
    activity.visibility === "only_me" && texts.private,
    activity.visibility === "followers_only" && texts.followers,
  ].filter(Boolean);
  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      data-index={index}
      ref={measure}
      className={selection ? "activities-row choosing" : "activities-row"}
      aria-selected={selection?.ids.has(activity.id)}
      style={{ transform: `translateY(${offset}px)` }}
    >
      <span role="cell" className="activity-name">
        {selection
          ? <RowChoice activity={activity} selection={selection} />
          : <Icon name={toSportIcon(activity.sport_type)} />}
        <span className="ellipsis">
          {selection
            ? activity.name || texts.unnamed
            : (
              <ActivityLink id={activity.id} className="row-link">
                {activity.name}
              </ActivityLink>
            )}
          <span className="soft">{notes.join(" · ")}</span>
        </span>
      </span>
      <span role="cell" className="cell-date">
        {format.day(activity.start_date_local)}
        <span className="soft">
          {format.timeOfDay(activity.start_date_local)}
        </span>
      </span>
      <span role="cell" className="right number">
        {format.distance(activity.distance, 2)}
      </span>
      <span role="cell" className="right">
        {format.clock(activity.moving_time)}
      </span>
      <span role="cell" className="right cell-pace">
        {format.pace(activity.average_speed, activity.sport_type)}
      </span>
      <span role="cell" className="right cell-climb">
        ↑ {format.elevation(activity.total_elevation_gain)}
      </span>
    </div>
  );
}

/** The box that chooses the activity. A click anywhere in the row ticks it; with shift, all since the last one. */
function RowChoice(
  { activity: { id, name }, selection }: {
    activity: Activity;
    selection: Selection;
  },
): ReactNode {
  const { edits: texts } = useTexts();
  return (
    <label className="row-choice">
      <input
        type="checkbox"
        aria-label={texts.selectOne(name)}
        checked={selection.ids.has(id)}
        onChange={({ nativeEvent }) =>
          selection.toggle(
            id,
            nativeEvent instanceof MouseEvent && nativeEvent.shiftKey,
          )}
      />
    </label>
  );
}
