import { listDays, toWeekday } from "../../../format/days.ts";

/** A name and its value in words. */
interface Named {
  name: string;
  value: string;
}

/** The texts and numbers of the picture of a year. */
export interface Picture {
  title: string;
  kicker: string;
  /** Four values. */
  values: readonly Named[];
  highlights: readonly Named[];
  year: number;
  weekStart: "monday" | "sunday";
  /** Shade of each day with activities, from 0 to 4. */
  levels: ReadonlyMap<string, number>;
  months: readonly { label: string; value: number }[];
}

const WIDTH = 1080;
const HEIGHT = 1350;
const EDGE = 80;
const INNER = WIDTH - 2 * EDGE;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const COLOURS = {
  ground: "#191512",
  text: "#ffffff",
  soft: "#c9bdb4",
  accent: "#ff8448",
  levels: ["#2c2623", "#5a2c14", "#94461b", "#dc682a", "#ffb184"],
};

/** Draws the picture of a year as a PNG file. */
export async function drawPicture(
  picture: Picture,
  name: string,
): Promise<File> {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser draws no pictures");
  context.fillStyle = COLOURS.ground;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  drawHead(context, picture);
  drawPairs(context, picture.values, { top: 390, columns: 2, size: 68 });
  drawMonths(context, picture.months);
  drawDays(context, picture);
  drawPairs(context, picture.highlights, { top: 1190, columns: 3, size: 38 });
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/png")
  );
  if (!blob) throw new Error("The picture could not be written");
  return new File([blob], name, { type: "image/png" });
}

function drawHead(
  context: CanvasRenderingContext2D,
  { title, kicker }: Picture,
): void {
  context.textBaseline = "alphabetic";
  write(context, kicker, {
    ...{ x: EDGE, y: 128, size: 38, colour: COLOURS.accent },
    width: INNER - 220,
  });
  write(context, "Paceline", {
    ...{ x: WIDTH - EDGE, y: 128, size: 34, colour: COLOURS.soft },
    ...{ width: 200, align: "right" },
  });
  write(context, title, {
    ...{ x: EDGE - 8, y: 300, size: 190, colour: COLOURS.text },
    ...{ width: INNER, isBold: true },
  });
}

function drawPairs(
  context: CanvasRenderingContext2D,
  pairs: readonly Named[],
  { top, columns, size }: { top: number; columns: number; size: number },
): void {
  const width = INNER / columns;
  for (const [index, { name, value }] of pairs.entries()) {
    const x = EDGE + (index % columns) * width;
    const y = top + Math.floor(index / columns) * (size * 2.1);
    const space = width - 24;
    write(context, name, {
      ...{ x, y, size: Math.max(26, size * 0.44), colour: COLOURS.soft },
      width: space,
    });
    write(context, value, {
      ...{ x, y: y + size * 1.05, size, colour: COLOURS.text },
      ...{ width: space, isBold: true },
    });
  }
}

function drawMonths(
  context: CanvasRenderingContext2D,
  months: Picture["months"],
): void {
  const [top, height] = [690, 150];
  const most = Math.max(...months.map(({ value }) => value), 0);
  const width = INNER / months.length;
  for (const [index, { label, value }] of months.entries()) {
    const x = EDGE + index * width;
    const bar = most > 0 ? Math.max(3, value / most * height) : 3;
    context.fillStyle = value === most ? COLOURS.accent : COLOURS.levels[2]!;
    context.fillRect(x + 5, top + height - bar, width - 10, bar);
    write(context, label, {
      ...{ x: x + width / 2, y: top + height + 34, size: 24 },
      ...{ colour: COLOURS.soft, width: width - 4, align: "center" },
    });
  }
}

function drawDays(
  context: CanvasRenderingContext2D,
  { year, weekStart, levels }: Picture,
): void {
  const top = 940;
  const first = toWeekday(`${year}-01-01`, weekStart);
  const days = listDays(year);
  const side = INNER / Math.ceil((first + days.length) / 7);
  for (const [index, day] of days.entries()) {
    const place = first + index;
    context.fillStyle = COLOURS.levels[levels.get(day) ?? 0] ??
      COLOURS.levels[0]!;
    context.fillRect(
      EDGE + Math.floor(place / 7) * side,
      top + (place % 7) * (side + 6),
      side - 3,
      side + 3,
    );
  }
}

/** Writes a text in at most a width: a longer one gets narrower. */
function write(
  context: CanvasRenderingContext2D,
  text: string,
  { x, y, size, colour, width, isBold = false, align = "left" }: {
    x: number;
    y: number;
    size: number;
    colour: string;
    width: number;
    isBold?: boolean;
    align?: CanvasTextAlign;
  },
): void {
  context.font = `${isBold ? 700 : 500} ${size}px ${FONT}`;
  context.textAlign = align;
  context.fillStyle = colour;
  context.fillText(text, x, y, width);
}
