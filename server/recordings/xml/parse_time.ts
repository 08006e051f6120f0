/** A time of an XML file. */
export interface XmlTime {
  /** Seconds since 1970. */
  readonly time: number;
  /** Offset of the wall clock from UTC in seconds, if the file states one other than `Z`. */
  readonly offsetSeconds: number | undefined;
}

const FORMAT =
  /^([+-]?\d{4,6})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** Parses an XML Schema `dateTime`. A time without a zone is in UTC, as GPX and TCX demand. */
export function parseTime(text: string): XmlTime | undefined {
  const match = FORMAT.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = "0", fraction = "0", zone] =
    match;
  const whole = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  ) / 1000;
  if (!Number.isFinite(whole)) return undefined;
  const offsetSeconds = parseOffset(zone);
  return {
    time: whole + Number(`0.${fraction}`) - (offsetSeconds ?? 0),
    offsetSeconds,
  };
}

function parseOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || /^z$/i.test(zone)) return undefined;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const seconds = Number(digits.slice(0, 2)) * 3600 +
    Number(digits.slice(2)) * 60;
  return zone.startsWith("-") ? -seconds : seconds;
}

/** Parses a decimal number; undefined if it is empty or no finite number. */
export function parseDecimal(text: string | undefined): number | undefined {
  if (!text?.trim()) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
