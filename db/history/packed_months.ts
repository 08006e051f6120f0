import {
  type ActivityScope,
  whereHeartRateShown,
  whereKindInScope,
  whereVisibility,
} from "../activity_scope.ts";
import type { Sql } from "../driver/client.ts";
import type {
  HistoryActivity,
  HistoryField,
  HistoryPart,
  HistoryQuery,
} from "./history.ts";
import {
  DayColumn,
  IdColumn,
  KindColumn,
  MonthColumn,
  NUMBER_UNITS,
  NumberColumn,
  TimeColumn,
} from "./packed_columns.ts";

/** The column that holds each field. */
const COLUMNS = {
  id: "ids",
  time: "times",
  distance: "distances",
  movingTime: "moving_times",
  elevationGain: "elevation_gains",
  averageHeartrate: "heart_rates",
  sufferScore: "efforts",
} as const satisfies Record<HistoryField, string>;

/** A kind of activities that are in scope, except for their day and visibility. */
interface Kind {
  sportType: string;
  type: string;
  /** True if the caller may see them. */
  isVisible: boolean;
  /** True if the caller may see their heart rates. */
  isHeartShown: boolean;
}

/** The packed columns of all months in base64; `days` is null if there are no months. */
interface PackedRow extends Record<string, unknown> {
  kindsById: [id: number, ...kind: [string, string, boolean, boolean]][];
  months: string;
  days: string | null;
  kinds: string;
}

/**
 * Lists the activities in scope in the order of `listHistory`; `undefined` if the athlete has no packed
 * months on these days. They arrive as one row: the driver needs longer for a row than PostgreSQL.
 */
export async function readMonths<Field extends HistoryField, Row>(
  sql: Sql,
  query: HistoryQuery<Field, Row>,
): Promise<Row[] | undefined> {
  const { athleteId, from, to, fields } = query;
  const [row] = await sql<[PackedRow]>`
    select
      (
        select coalesce(
          json_agg(json_build_array(
            id, sport_type, type, ${whereVisibility(sql, query)}, ${
    whereHeartRateShown(sql, query)
  }
          )),
          '[]'
        )
        from activity_kinds
        where athlete_id = ${athleteId}
          ${whereKindInScope(sql, query)}
      ) as "kindsById",
      encode(
        string_agg(
          int4send(month - date '1970-01-01') || int4send(octet_length(days)), '' order by month
        ),
        'base64'
      ) as months,
      encode(string_agg(days, '' order by month), 'base64') as days,
      encode(string_agg(kinds, '' order by month), 'base64') as kinds
      ${selectFields(sql, fields)}
    from activity_months
    where athlete_id = ${athleteId}
      ${
    from === undefined
      ? sql``
      : sql`and month >= date_trunc('month', ${from}::date)::date`
  }
      ${to === undefined ? sql`` : sql`and month <= ${to}::date`}
  `;
  return row.days === null
    ? undefined
    : unpack(row as PackedRow & { days: string }, query);
}

/** Returns the columns of these fields, each after a comma. */
function selectFields(
  sql: Sql,
  fields: readonly HistoryField[],
): ReturnType<Sql> | ReturnType<Sql>[] {
  // The driver takes an empty array for a parameter.
  if (fields.length === 0) return sql``;
  return fields.map((field) => {
    const column = sql(COLUMNS[field] as string);
    return sql`, encode(string_agg(${column}, '' order by month), 'base64') as ${column}`;
  });
}

/** Converts the activities in scope to rows. */
function unpack<Field extends HistoryField, Row>(
  row: PackedRow & { days: string },
  { fields, toRow, ...scope }: HistoryQuery<Field, Row>,
): Row[] {
  const kinds = new Map<number, Kind>(
    row.kindsById.map(([id, sportType, type, isVisible, isHeartShown]) => [
      id,
      { sportType, type, isVisible, isHeartShown },
    ]),
  );
  const isCounted = createDayTest(scope);
  const days = new DayColumn(row.days);
  const kindIds = new KindColumn(row.kinds);
  const readers = createReaders(row, fields);
  const activity = createActivity();
  const rows: Row[] = [];
  for (const { firstDay, count } of new MonthColumn(row.months).read()) {
    for (let index = 0; index < count; index++) {
      const day = firstDay + days.next() - 1;
      const kind = kinds.get(kindIds.next());
      // Every column has a value of every activity, so all are read.
      readers.readInto(activity);
      if (!kind || !isCounted(day, kind)) continue;
      activity.date = toDate(day);
      activity.sportType = kind.sportType;
      activity.type = kind.type;
      if (!kind.isHeartShown) {
        activity.averageHeartrate = null;
        activity.sufferScore = null;
      }
      rows.push(toRow(activity as HistoryPart<Field>));
    }
  }
  return rows;
}

/** Creates the activity that each row is read into, because objects of one shape are fast. */
function createActivity(): HistoryActivity {
  return {
    id: 0,
    date: "",
    time: 0,
    sportType: "",
    type: "",
    distance: 0,
    movingTime: 0,
    elevationGain: 0,
    averageHeartrate: null,
    sufferScore: null,
  };
}

/** Creates a reader that fills in the requested fields of the next activity. */
function createReaders(
  row: PackedRow,
  fields: readonly HistoryField[],
): { readInto: (activity: HistoryActivity) => void } {
  const text = (field: HistoryField): string | undefined =>
    fields.includes(field) ? row[COLUMNS[field]] as string : undefined;
  const open = (
    field: Exclude<HistoryField, "id" | "time">,
  ): NumberColumn | undefined => {
    const base64 = text(field);
    return base64 === undefined
      ? undefined
      : new NumberColumn(base64, NUMBER_UNITS[COLUMNS[field]]);
  };
  const distance = open("distance");
  const movingTime = open("movingTime");
  const elevationGain = open("elevationGain");
  const heartRate = open("averageHeartrate");
  const effort = open("sufferScore");
  const ids = text("id");
  const id = ids === undefined ? undefined : new IdColumn(ids);
  const times = text("time");
  const time = times === undefined ? undefined : new TimeColumn(times);
  return {
    readInto(activity) {
      if (id) activity.id = id.next();
      if (time) activity.time = time.next();
      // Only heart rates and efforts can be null.
      if (distance) activity.distance = distance.next()!;
      if (movingTime) activity.movingTime = movingTime.next()!;
      if (elevationGain) activity.elevationGain = elevationGain.next()!;
      if (heartRate) activity.averageHeartrate = heartRate.next();
      if (effort) activity.sufferScore = effort.next();
    },
  };
}

/** Creates the test for the days in scope, and for the days on which hidden activities count. */
function createDayTest(
  { from, to, hiddenDays }: Pick<ActivityScope, "from" | "to" | "hiddenDays">,
): (day: number, kind: Kind) => boolean {
  const first = toDayNumber(from) ?? -Infinity;
  const last = toDayNumber(to) ?? Infinity;
  const firstHidden = hiddenDays
    ? toDayNumber(hiddenDays.from) ?? -Infinity
    : Infinity;
  const lastHidden = toDayNumber(hiddenDays?.to) ?? -Infinity;
  return (day, { isVisible }) =>
    day >= first && day <= last &&
    (isVisible || day >= firstHidden && day <= lastHidden);
}

const MS_PER_DAY = 86_400_000;

/** Returns the number of days from 1970-01-01 to a local day. */
function toDayNumber(date: string | undefined): number | undefined {
  return date === undefined
    ? undefined
    : Date.parse(`${date}T00:00:00Z`) / MS_PER_DAY;
}

/** The dates of the days from 1970 to 2105, as far as they were needed. */
const DATES: (string | undefined)[] = new Array(50_000);

function toDate(day: number): string {
  return DATES[day] ??= new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}
