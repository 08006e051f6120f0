import { type ReactNode, useEffect, useRef } from "react";
import type uPlot from "uplot";
import { useColours } from "./use_colours.ts";

/** A line of a chart. */
export interface Line {
  label: string;
  /** One value for each x; null leaves a gap. */
  values: readonly (number | null)[];
  /** Name of a custom property of the style, such as `--chart-1`. */
  colour: string;
  isDashed?: boolean;
  isFilled?: boolean;
  format: (value: number) => string;
}

/** The properties of a line chart. */
export interface LineChartProps {
  x: readonly number[];
  lines: readonly Line[];
  height: number;
  /** Text of a position on the x axis, in the legend and at the axis. */
  formatX: (x: number) => string;
  /** Text of a position at the axis, if it is another one. */
  formatTick?: (x: number) => string;
  /** Least distance between two labels of the x axis, in pixels. */
  tickSpace?: number;
  /** Unit of the y axis. It is shown once, above the axis. */
  unit?: string;
  /** Text of a value on the y axis. Defaults to the first line's format. */
  formatY?: (value: number) => string;
  /** Positions of the x axis with a label. Default: chosen by the chart. */
  ticks?: readonly number[];
  /** Charts with the same key move their cursors together. */
  syncKey?: string;
  /** Called with the index of the value under the cursor, or null. */
  onCursor?: (index: number | null) => void;
  /** Part of the x axis in view. Default: all of it. */
  range?: XRange | undefined;
  /** Called with the part that a drag has selected, or with undefined after a double click. */
  onRange?: (range: XRange | undefined) => void;
  /** Distances between the labels of the y axis that are round. */
  increments?: readonly number[] | undefined;
}

/** A part of the x axis. */
export type XRange = readonly [from: number, to: number];

/** Lines over a shared x axis. Its legend shows the values under the cursor. */
export function LineChart(props: LineChartProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const { x, lines, height, range } = props;
  const drawn = useRef<uPlot>(undefined);
  const colours = useColours();
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    let chart: uPlot | undefined;
    let isGone = false;
    const resize = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width > 0) chart?.setSize({ width, height });
    });
    import("./uplot_chart.ts").then(({ createUplot }) => {
      if (isGone) return;
      chart = createUplot(current, {
        ...latest.current,
        colours,
        onCursor: (index) => latest.current.onCursor?.(index),
      });
      drawn.current = chart;
      showRange(chart, latest.current);
      resize.observe(current);
    });
    return () => {
      isGone = true;
      resize.disconnect();
      chart?.destroy();
      drawn.current = undefined;
    };
  }, [x, lines, height, colours]);
  useEffect(() => {
    if (drawn.current) showRange(drawn.current, latest.current);
  }, [range]);
  return (
    <>
      {props.unit && <span className="chart-unit">{props.unit}</span>}
      <div className="line-chart" ref={element} style={{ minHeight: height }} />
    </>
  );
}

/** Shows a part of the x axis, or all of it. */
function showRange(
  chart: uPlot,
  { x, range, onRange }: Pick<LineChartProps, "x" | "range" | "onRange">,
): void {
  if (!onRange) return;
  const [min = x[0] ?? 0, max = x.at(-1) ?? 0] = range ?? [];
  chart.setScale("x", { min, max });
}
