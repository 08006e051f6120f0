import {
  type ActivityCursor,
  type ActivityOrder,
  type ActivityRow,
  type ActivitySort,
  SORT_COLUMNS,
} from "../../db/activity_list.ts";
import { AppError } from "../errors.ts";

/** A bound that no amount of a real activity exceeds. */
const MAX_AMOUNT = 1e12;
/** The first and last millisecond of the years 1 to 9999, which Paceline stores. */
const FIRST_START = -62_135_596_800_000;
const LAST_START = 253_402_300_799_999;
/** PostgreSQL's largest `integer`. */
const MAX_INT4 = 2 ** 31 - 1;

/**
 * Renders the cursor after an activity: the order, the activity's value in it, and its id, such as
 * `distance~asc~10234.5~16543210987`. The default order, newest first, is left out:
 * `1733473812000-16543210987`.
 */
export function toCursor(
  row: ActivityRow,
  { sort, order }: ActivityOrder,
): string {
  const value = getSortValue(row, sort);
  return isDefault({ sort, order })
    ? `${value}-${row.id}`
    : `${sort}~${order}~${value}~${row.id}`;
}

function getSortValue(row: ActivityRow, sort: ActivitySort): number {
  switch (sort) {
    case "date":
      return row.startDate.getTime();
    case "distance":
      return row.distance;
    case "moving_time":
      return row.movingTime;
    case "elevation_gain":
      return row.totalElevationGain;
    case "average_speed":
      return row.averageSpeed;
  }
}

/**
 * Parses a cursor into a place in the list.
 *
 * @throws {AppError} `invalid_input` if the text is not a cursor or belongs to another order.
 */
export function parseCursor(
  text: string | undefined,
  wanted: ActivityOrder,
): ActivityCursor | undefined {
  if (text === undefined) return undefined;
  const [, start, startId] = /^(-?\d{1,15})-(\d{1,16})$/.exec(text) ?? [];
  if (startId !== undefined && isColumnValue("date", Number(start))) {
    if (!isDefault(wanted)) throw createOrderError();
    return { value: new Date(Number(start)), id: Number(startId) };
  }
  const [, sort, order, digits, id] =
    /^([a-z_]+)~(asc|desc)~(-?\d[\d.e+-]*)~(\d{1,16})$/.exec(text) ?? [];
  const value = Number(digits);
  if (
    id === undefined || !Object.hasOwn(SORT_COLUMNS, sort!) ||
    !isColumnValue(sort!, value)
  ) {
    throw createCursorError("must be the `next_cursor` of a page");
  }
  if (sort !== wanted.sort || order !== wanted.order) throw createOrderError();
  return {
    value: sort === "date" ? new Date(value) : value,
    id: Number(id),
  };
}

function isDefault({ sort, order }: ActivityOrder): boolean {
  return sort === "date" && order === "desc";
}

/** Reports whether PostgreSQL accepts the value for the column. */
function isColumnValue(sort: string, value: number): boolean {
  if (sort === "date") {
    return Number.isInteger(value) && value >= FIRST_START &&
      value <= LAST_START;
  }
  if (sort === "moving_time") {
    return Number.isInteger(value) && Math.abs(value) <= MAX_INT4;
  }
  return Math.abs(value) <= MAX_AMOUNT;
}

function createOrderError(): AppError {
  return createCursorError("belongs to a list with another `sort` or `order`");
}

function createCursorError(message: string): AppError {
  return new AppError("invalid_input", {
    detail: "The cursor is not valid",
    issues: [{ path: "cursor", message }],
  });
}
