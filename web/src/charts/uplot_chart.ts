import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Line, LineChartProps } from "./line_chart.tsx";
import type { Colours } from "./use_colours.ts";

/** Width of a label of the x axis with its space, in pixels. */
const TICK_WIDTH = 48;
/** Height of the labels of the x axis, in pixels. */
const X_AXIS_HEIGHT = 32;
/** Width of the shortest drag that selects a part, in pixels. */
const LEAST_DRAG = 5;

/** Draws the chart into an element. */
export function createUplot(
  element: HTMLElement,
  props: LineChartProps & { colours: Colours },
): uPlot {
  const { x, lines, height, colours, formatX, formatY, ticks } = props;
  const { formatTick = formatX, tickSpace, syncKey, onCursor } = props;
  const { onRange, increments } = props;
  const axis = {
    stroke: colours("--soft"),
    grid: { stroke: colours("--line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  const toText = formatY ?? lines[0]?.format ?? String;
  return new uPlot(
    {
      width: Math.max(element.clientWidth, 100),
      height,
      padding: [8, 8, 0, 0],
      scales: { x: { time: false } },
      cursor: {
        ...syncKey !== undefined && {
          // `onRange` passes the selected part on to all charts, so only the cursor is shared here.
          sync: {
            key: syncKey,
            ...onRange && {
              filters: { pub: (type: string) => type === "mousemove" },
            },
          },
        },
        drag: { x: true, y: false, setScale: !onRange },
        ...onRange && { bind: { dblclick: () => () => reset(onRange) } },
      },
      legend: { show: true },
      series: [
        {
          // An empty label would be replaced by uPlot's own.
          label: " ",
          value: (_, value) => value === null ? "" : formatX(value),
        },
        ...lines.map((line) => toSeries(line, colours)),
      ],
      axes: [
        {
          ...axis,
          size: X_AXIS_HEIGHT,
          ...tickSpace !== undefined && { space: tickSpace },
          values: (_, splits) => splits.map(formatTick),
          ...ticks && { splits: ({ width }) => thin(ticks, width) },
        },
        {
          ...axis,
          size: 64,
          values: (_, splits) => splits.map(toText),
          ...increments && { incrs: [...increments] },
        },
      ],
      hooks: {
        setCursor: [({ cursor }) => onCursor?.(cursor.idx ?? null)],
        ...onRange && { setSelect: [(chart) => select(chart, onRange)] },
      },
    },
    [[...x], ...lines.map(({ values }) => [...values])],
    element,
  );
}

/** Reports the part that a drag has selected, and takes the selection away. */
function select(
  chart: uPlot,
  onRange: NonNullable<LineChartProps["onRange"]>,
): void {
  const { left, width } = chart.select;
  if (width < LEAST_DRAG) return;
  onRange([chart.posToVal(left, "x"), chart.posToVal(left + width, "x")]);
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

function reset(onRange: NonNullable<LineChartProps["onRange"]>): null {
  onRange(undefined);
  return null;
}

/** Leaves out ticks, so that their labels have space. */
function thin(ticks: readonly number[], width: number): number[] {
  const step = Math.ceil(ticks.length * TICK_WIDTH / Math.max(width, 1));
  return ticks.filter((_, index) => index % step === 0);
}

function toSeries(
  { label, colour, isDashed, isFilled, format }: Line,
  colours: Colours,
): uPlot.Series {
  return {
    label,
    stroke: colours(colour),
    width: 2,
    points: { show: false },
    ...isDashed && { dash: [6, 4] },
    ...isFilled && { fill: colours(`${colour}-fill`) },
    value: (_, value) => value === null ? "–" : format(value),
  };
}
