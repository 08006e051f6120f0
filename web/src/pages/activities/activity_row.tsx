import type { ReactNode } from "react";
import { type Activity, formatSport } from "@paceline/sdk";
import { Link } from "@tanstack/react-router";
import { useFormat } from "../../format/use_format.ts";
import { Icon, toSportIcon } from "../../parts/icon.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** One activity of the list. On a phone its cells become two lines. */
export function ActivityRow(
  { activity, index, rowIndex, offset, measure }: {
    activity: Activity;
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
  const notes = [
    formatSport(activity.sport_type),
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
      className="activities-row"
      style={{ transform: `translateY(${offset}px)` }}
    >
      <span role="cell" className="activity-name">
        <Icon name={toSportIcon(activity.sport_type)} />
        <span className="ellipsis">
          <Link
            to="/activities/$id"
            params={{ id: String(activity.id) }}
            className="row-link"
          >
            {activity.name}
          </Link>
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
