import type { CalendarDay } from "@paceline/sdk";
import { type CSSProperties, type ReactNode, useEffect, useRef } from "react";
import { listDays, toWeekday } from "../format/days.ts";

/** A year as squares: a column is a week, a row a weekday, and a darker square a harder day. */
export function CalendarChart(
  { year, days, today, weekStart, toTitle, toMonth, onDay }: {
    year: number;
    days: readonly CalendarDay[];
    /** The athlete's local day: the last square in view. */
    today: string;
    weekStart: "monday" | "sunday";
    toTitle: (date: string, day: CalendarDay | undefined) => string;
    /** Name of a month such as `2026-11`. With it the months are named above the squares. */
    toMonth?: (month: string) => string;
    /** Called with a day with activities that was clicked or touched. */
    onDay?: (date: string) => void;
  },
): ReactNode {
  const byDate = new Map(days.map((day) => [day.date, day]));
  const all = listDays(year);
  const first = toWeekday(`${year}-01-01`, weekStart);
  const columns: CSSProperties = {
    gridTemplateColumns: `repeat(${
      Math.ceil((first + all.length) / 7)
    }, minmax(0.7rem, 1fr))`,
  };
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a narrow screen the newest weeks are in view.
    const { current } = scroller;
    const square = current?.querySelector<HTMLElement>("[data-today]");
    if (current && square) {
      current.scrollLeft = square.offsetLeft - current.clientWidth + 40;
    }
  }, [today, year]);
  return (
    <div className="calendar" ref={scroller}>
      {toMonth && (
        <div className="calendar-months" style={columns}>
          {all.map((date, index) =>
            date.endsWith("-01") && (
              <span
                key={date}
                style={{ gridColumn: Math.floor((first + index) / 7) + 1 }}
              >
                {toMonth(date.slice(0, 7))}
              </span>
            )
          )}
        </div>
      )}
      <div className="calendar-grid" style={columns}>
        {all.map((date, index) => {
          const day = byDate.get(date);
          const place = first + index;
          return (
            <span
              key={date}
              className="calendar-day"
              data-level={day ? day.level : date > today ? "future" : 0}
              data-today={date === today ? "" : undefined}
              title={toTitle(date, day)}
              onClick={day && onDay && (() => onDay(date))}
              style={{
                gridColumn: Math.floor(place / 7) + 1,
                gridRow: place % 7 + 1,
              } as CSSProperties}
            />
          );
        })}
      </div>
    </div>
  );
}
