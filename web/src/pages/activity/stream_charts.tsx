import type { StreamSet } from "@paceline/sdk";
import { type ReactNode, useId, useMemo, useState } from "react";
import { LineChart } from "../../charts/line_chart.tsx";
import { useFormat } from "../../format/use_format.ts";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { Choice } from "../../parts/choice.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import {
  changeRange,
  fillDistance,
  hasDistance,
  pickRows,
} from "./chart_values.ts";
import type { Cursor } from "./cursor.ts";
import { createStreamCharts, type StreamChart } from "./stream_lines.ts";

const HEIGHT = 150;
/** Most rows of a chart's table. */
const TABLE_ROWS = 60;
/** Share of the part in view that a step moves over. */
const STEP = 0.5;

type Axis = "distance" | "time";
type Range = readonly [from: number, to: number] | undefined;

/** A chart of each stream. They share the cursor, the axis and the part in view. */
export function StreamCharts(
  { streams, sport, cursor }: {
    streams: StreamSet;
    sport: string;
    cursor: Cursor;
  },
): ReactNode {
  const { activity: texts } = useTexts();
  const { charts: names } = texts;
  const format = useFormat();
  const syncKey = useId();
  const hasMetres = hasDistance(streams);
  const [axis, setAxis] = useState<Axis>(hasMetres ? "distance" : "time");
  const [range, setRange] = useState<Range>();
  const x = useMemo(
    () =>
      axis === "distance" && streams.distance
        ? fillDistance(streams.distance).map(format.inDistanceUnit)
        : streams.time ?? [],
    [axis, streams, format],
  );
  const charts = useMemo(
    () => createStreamCharts(streams, { sport, format, texts }),
    [streams, sport, format, texts],
  );
  const lines = useMemo(() => charts.map(({ line }) => [line]), [charts]);
  const formatX = (value: number): string =>
    axis === "time"
      ? format.clock(value)
      : `${format.number(value, 2)} ${format.distanceUnit}`;
  const formatTick = (value: number): string =>
    axis === "time" ? format.clock(value) : format.number(value, 3);
  return (
    <>
      <div className="stream-controls">
        {hasMetres && (
          <Choice
            label={names.axis}
            options={[["distance", names.distance], ["time", names.time]]}
            value={axis}
            onChange={(next) => {
              setRange(undefined);
              setAxis(next);
            }}
          />
        )}
        <ZoomControls
          range={range}
          whole={[x[0] ?? 0, x.at(-1) ?? 0]}
          setRange={setRange}
          formatX={formatX}
        />
      </div>
      <div className="stream-charts">
        {charts.map((chart, index) => (
          <section key={chart.name} className="stream-chart">
            <h3>
              {chart.title}
              <span className="soft">{names.average(chart.average)}</span>
            </h3>
            <ChartFigure
              summary={names.summary(
                chart.title,
                chart.average,
                chart.least,
                chart.most,
              )}
              table={toTable(chart, x, {
                formatX,
                column: axis === "time" ? names.time : names.distance,
              })}
            >
              <LineChart
                x={x}
                lines={lines[index]!}
                height={HEIGHT}
                formatX={formatX}
                formatTick={formatTick}
                formatY={chart.formatY}
                unit={chart.unit}
                increments={chart.increments}
                syncKey={syncKey}
                onCursor={cursor.move}
                range={range}
                onRange={setRange}
              />
            </ChartFigure>
          </section>
        ))}
      </div>
    </>
  );
}

/** Buttons that do what dragging over a chart does, for keyboards and fingers. */
function ZoomControls(
  { range, whole, setRange, formatX }: {
    range: Range;
    whole: readonly [number, number];
    setRange: (range: Range) => void;
    formatX: (x: number) => string;
  },
): ReactNode {
  const { activity: { charts: texts } } = useTexts();
  const change = (by: { scale?: number; shift?: number }): void =>
    setRange(changeRange(range ?? whole, whole, by));
  return (
    <div className="stream-zoom" role="group" aria-label={texts.zoom}>
      <button
        type="button"
        className="button"
        onClick={() => change({ scale: 0.5 })}
      >
        {texts.zoomIn}
      </button>
      {range
        ? (
          <>
            <button
              type="button"
              className="button"
              onClick={() => change({ scale: 2 })}
            >
              {texts.zoomOut}
            </button>
            <button
              type="button"
              className="button"
              onClick={() => change({ shift: -STEP })}
            >
              {texts.back}
            </button>
            <button
              type="button"
              className="button"
              onClick={() => change({ shift: STEP })}
            >
              {texts.forward}
            </button>
            <button
              type="button"
              className="button"
              onClick={() => setRange(undefined)}
            >
              {texts.whole}
            </button>
            <span className="soft" role="status">
              {texts.part(formatX(range[0]), formatX(range[1]))}
            </span>
          </>
        )
        : <span className="soft stream-hint">{texts.hint}</span>}
    </div>
  );
}

function toTable(
  { title, line }: StreamChart,
  x: readonly number[],
  { formatX, column }: { formatX: (x: number) => string; column: string },
): { columns: string[]; rows: string[][] } {
  return {
    columns: [column, title],
    rows: pickRows(x.length, TABLE_ROWS).map((index) => {
      const value = line.values[index] ?? null;
      return [formatX(x[index]!), value === null ? "–" : line.format(value)];
    }),
  };
}
