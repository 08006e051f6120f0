/** Languages of Strava, whose month names the dates of an export may hold. */
const LANGUAGES = [
  "en",
  "de",
  "fr",
  "es",
  "it",
  "nl",
  "pt",
  "pt-BR",
  "da",
  "nb",
  "sv",
  "pl",
  "ru",
  "tr",
  "cs",
  "hu",
  "id",
];

/** Order of day and month in dates of digits and slashes. */
export type SlashOrder = "day-month" | "month-day" | "unknown";

const AFTERNOON = /p\.?\s?m\b|下午|午後|오후/i;
const MORNING = /a\.?\s?m\b|上午|午前|오전/i;

/** Month number by its name in lower case without a point. */
let months: Map<string, number> | undefined;

function findMonth(word: string): number | undefined {
  months ??= listMonths();
  return months.get(word.toLowerCase().replace(/\.$/, ""));
}

function listMonths(): Map<string, number> {
  const names = new Map<string, number>();
  for (const language of LANGUAGES) {
    for (const month of ["short", "long"] as const) {
      for (const day of [{}, { day: "numeric" as const }]) {
        const format = new Intl.DateTimeFormat(language, {
          month,
          ...day,
          timeZone: "UTC",
        });
        for (let number = 0; number < 12; number++) {
          const name = format.formatToParts(Date.UTC(2024, number, 1))
            .find(({ type }) => type === "month")!.value;
          const key = name.toLowerCase().replace(/\.$/, "");
          if (!names.has(key)) names.set(key, number + 1);
        }
      }
    }
  }
  return names;
}

/** Finds the order of day and month in a column of dates with slashes. */
export function findSlashOrder(dates: readonly string[]): SlashOrder {
  for (const date of dates) {
    const [, first, second] = /^(\d{1,2})\/(\d{1,2})\/\d{4}/.exec(date) ?? [];
    if (Number(first) > 12) return "day-month";
    if (Number(second) > 12) return "month-day";
  }
  return "unknown";
}

/**
 * Parses a date of an export. It is in UTC although it is written like local time. Returns null
 * for a language or an order that is not known: a guess would move the activity.
 */
export function parseExportDate(
  text: string,
  slashes: SlashOrder = "unknown",
): Date | null {
  // Some languages write a time with points.
  const time = /(?<!\d)(\d{1,2})([:.])(\d\d)\2(\d\d)(?!\d)/.exec(text);
  if (!time) return null;
  const day = parseDay(text.slice(0, time.index), slashes);
  if (!day) return null;
  let hour = Number(time[1]);
  if (AFTERNOON.test(text) && hour < 12) hour += 12;
  if (MORNING.test(text) && hour === 12) hour = 0;
  const [year, month, date] = day;
  const at = new Date(
    Date.UTC(year, month - 1, date, hour, Number(time[3]), Number(time[4])),
  );
  const isReal = at.getUTCMonth() === month - 1 && at.getUTCDate() === date &&
    hour < 24 && year >= 1900;
  return isReal ? at : null;
}

function parseDay(
  text: string,
  slashes: SlashOrder,
): [year: number, month: number, day: number] | undefined {
  const numbers = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const [a, b, c] = numbers;
  if (a === undefined || b === undefined) return undefined;
  // 2022-05-29, 2022/5/29, 2022年5月29日
  if (a > 31 && c !== undefined) return [a, b, c];
  const words = text.match(/\p{L}[\p{L}\p{M}]*\.?/gu) ?? [];
  const named = words.map(findMonth).find((month) => month !== undefined);
  if (named !== undefined && numbers.length === 2) {
    return a > 31 ? [a, named, b] : [b, named, a];
  }
  if (c === undefined || words.some((word) => word.length > 2)) {
    return undefined;
  }
  // 29.05.2022 and 29-05-2022
  if (/^\D*\d+[.-]/.test(text)) return [c, b, a];
  if (slashes === "day-month") return [c, b, a];
  if (slashes === "month-day") return [c, a, b];
  return undefined;
}
