import {
  type ActivityCursor,
  type ActivityOrder,
  SORT_COLUMNS,
} from "../../db/activity_list.ts";
import type { ActivityRow } from "../../db/activities.ts";
import { AppError } from "../errors.ts";

/** Beyond it there is no amount of a true activity. */
const MAX_AMOUNT = 1e12;
const MAX_INT4 = 2 ** 31 - 1;

/**
 * A cursor is the last activity's value and id, after the order that it belongs to:
 * `distance~asc~10234.5~16543210987`; of the newest first, as ever, `1733473812000-16543210987`.
 */
export function toCursor(
  row: ActivityRow,
  { sort, order }: ActivityOrder,
): string {
  const value = Number(row[SORT_COLUMNS[sort]]);
  return isUsual({ sort, order })
    ? `${value}-${row.id}`
    : `${sort}~${order}~${value}~${row.id}`;
}

/**
 * The place that a cursor names.
 *
 * @throws {AppError} `invalid_input` where it is none, or one of another order.
 */
export function readCursor(
  text: string | undefined,
  wanted: ActivityOrder,
): ActivityCursor | undefined {
  if (text === undefined) return undefined;
  const [, start, startId] = /^(-?\d{1,13})-(\d{1,16})$/.exec(text) ?? [];
  if (startId !== undefined) {
    if (!isUsual(wanted)) throw refuse("is of another order");
    return { value: new Date(Number(start)), id: Number(startId) };
  }
  const [, sort, order, digits, id] =
    /^([a-z_]+)~(asc|desc)~(-?\d[\d.e+-]*)~(\d{1,16})$/.exec(text) ?? [];
  const value = Number(digits);
  if (
    id === undefined || !Object.hasOwn(SORT_COLUMNS, sort!) ||
    !isValue(sort!, value)
  ) {
    throw refuse("is not the next_cursor of a page");
  }
  if (sort !== wanted.sort || order !== wanted.order) {
    throw refuse("is of another order");
  }
  return {
    value: sort === "date" ? new Date(value) : value,
    id: Number(id),
  };
}

function isUsual({ sort, order }: ActivityOrder): boolean {
  return sort === "date" && order === "desc";
}

/** What PostgreSQL takes for the column. */
function isValue(sort: string, value: number): boolean {
  if (sort === "date") {
    return Number.isInteger(value) && Math.abs(value) < 1e13;
  }
  if (sort === "moving_time") {
    return Number.isInteger(value) && Math.abs(value) <= MAX_INT4;
  }
  return Math.abs(value) <= MAX_AMOUNT;
}

function refuse(message: string): AppError {
  return new AppError("invalid_input", {
    detail: "The cursor is not valid",
    issues: [{ path: "cursor", message }],
  });
}
