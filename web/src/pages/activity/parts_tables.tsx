import type { ActivityLaps, Lap, StreamSet } from "@paceline/sdk";
import type { CSSProperties, ReactNode } from "react";
import { type Format, toPaceKind, useFormat } from "../../format/use_format.ts";
import { Card } from "../../parts/card.tsx";
import { DataTable } from "../../parts/data_table.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { computeSplits } from "./splits.ts";

const METRES_PER_YARD = 0.9144;
const METRES_PER_FOOT = 0.3048;

/** A column of a table of parts. A column without any value is left out. */
interface Column<Part> {
  name: string;
  cell: (part: Part) => ReactNode | null;
}

/** Splits of one kilometre or mile, computed from the streams. */
export function SplitsCard(
  { streams, sport }: { streams: StreamSet; sport: string },
): ReactNode {
  const { activity: { splits: texts, bpm }, metrics } = useTexts();
  const format = useFormat();
  const metres = 1 / format.inDistanceUnit(1);
  const splits = computeSplits(streams, metres);
  if (splits.length < 2) return null;
  const speedOf = (
    { distance, movingTime }: { distance: number; movingTime: number },
  ): number => movingTime > 0 ? distance / movingTime : 0;
  const fastest = Math.max(...splits.map(speedOf));
  const columns = keepFilled([
    {
      name: toPaceKind(sport) === "speed" ? metrics.speed : metrics.pace,
      cell: (split: typeof splits[number]) => (
        <Bar
          share={speedOf(split) / fastest}
          text={format.pace(speedOf(split), sport)}
        />
      ),
    },
    { name: texts.time, cell: ({ movingTime }) => format.clock(movingTime) },
    {
      name: texts.elevation,
      cell: ({ climb }) => climb === null ? null : signed(climb, format),
    },
    {
      name: metrics.heartRate,
      cell: ({ heartRate }) =>
        heartRate === null ? null : bpm(format.number(heartRate)),
    },
  ], splits);
  return (
    <Card title={texts.title(format.distanceUnit)}>
      <DataTable
        label={texts.title(format.distanceUnit)}
        columns={[format.distanceUnit, ...columns.map(({ name }) => name)]}
        rows={splits.map((split, index) => ({
          key: String(index),
          cells: [
            split.distance < metres - 1
              ? format.number(split.distance / metres, 2)
              : format.number(index + 1),
            ...columns.map(({ cell }) => cell(split) ?? "–"),
          ],
        }))}
      />
    </Card>
  );
}

/** The laps that the device or the athlete marked. */
export function LapsCard(
  { laps, sport }: { laps: readonly Lap[]; sport: string },
): ReactNode {
  const { activity: { splits: texts, bpm, watts }, metrics } = useTexts();
  const format = useFormat();
  const fastest = Math.max(...laps.map((lap) => lap.average_speed ?? 0));
  const columns = keepFilled<Lap>([
    {
      name: texts.distance,
      cell: ({ distance }) =>
        distance ? toLapDistance(distance, sport, format) : null,
    },
    {
      name: texts.time,
      cell: ({ moving_time, elapsed_time }) => {
        const seconds = moving_time ?? elapsed_time;
        return seconds === null ? null : format.clock(seconds);
      },
    },
    {
      name: toPaceKind(sport) === "speed" ? metrics.speed : metrics.pace,
      cell: ({ average_speed: speed }) =>
        speed === null
          ? null
          : <Bar share={speed / fastest} text={format.pace(speed, sport)} />,
    },
    {
      name: texts.climb,
      cell: ({ total_elevation_gain: climb }) =>
        climb === null ? null : format.elevation(climb),
    },
    {
      name: metrics.heartRate,
      cell: ({ heart_rate: { average } }) =>
        average === null ? null : bpm(format.number(average)),
    },
    {
      name: metrics.power,
      cell: ({ average_watts }) =>
        average_watts === null ? null : watts(format.number(average_watts)),
    },
  ], laps);
  if (laps.length < 2) return null;
  return (
    <Card title={texts.laps}>
      <DataTable
        label={texts.laps}
        columns={[texts.lap, ...columns.map(({ name }) => name)]}
        rows={laps.map((lap) => ({
          key: String(lap.lap_index),
          cells: [
            format.number(lap.lap_index),
            ...columns.map(({ cell }) => cell(lap) ?? "–"),
          ],
        }))}
      />
    </Card>
  );
}

/** The lengths of a pool. */
export function LengthsCard(
  { lengths }: { lengths: ActivityLaps["lengths"] },
): ReactNode {
  const { activity: { splits: texts } } = useTexts();
  const format = useFormat();
  const longest = Math.max(...lengths.map(({ elapsed_time: time }) => time));
  if (lengths.length === 0) return null;
  return (
    <Card title={texts.lengths}>
      <DataTable
        label={texts.lengths}
        columns={[texts.length, texts.time, texts.strokes]}
        rows={lengths.map(({ elapsed_time, active, strokes }, index) => ({
          key: String(index),
          cells: [
            format.number(index + 1),
            <Bar
              key="time"
              share={elapsed_time / longest}
              text={format.clock(elapsed_time)}
            />,
            active
              ? strokes === null ? "–" : format.number(strokes)
              : texts.rest,
          ],
        }))}
      />
    </Card>
  );
}

/** A value with a bar behind it. */
function Bar({ share, text }: { share: number; text: string }): ReactNode {
  const style = {
    "--share": Number.isFinite(share) ? share : 0,
  } as CSSProperties;
  return <span className="cell-bar" style={style}>{text}</span>;
}

/** Returns the columns that at least one part has a value for. */
function keepFilled<Part>(
  columns: readonly Column<Part>[],
  parts: readonly Part[],
): Column<Part>[] {
  return columns.filter(({ cell }) => parts.some((part) => cell(part) != null));
}

/** Returns the length of a lap. Swims are measured in metres or yards. */
function toLapDistance(
  metres: number,
  sport: string,
  format: Format,
): string {
  if (toPaceKind(sport) !== "swim") return format.distance(metres, 2);
  return format.units === "metric"
    ? `${format.number(metres)} m`
    : `${format.number(metres / METRES_PER_YARD)} yd`;
}

function signed(
  metres: number,
  { units, signed }: Pick<Format, "units" | "signed">,
): string {
  return units === "metric"
    ? `${signed(metres)} m`
    : `${signed(metres / METRES_PER_FOOT)} ft`;
}
