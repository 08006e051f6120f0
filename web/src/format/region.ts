import { type Choices, useChoices } from "../app/choices.ts";

/** How this visitor reads numbers and dates. */
export interface Region {
  /** Language and region of numbers and dates, such as `en-GB`. */
  locale: string;
  units: "metric" | "imperial";
  weekStart: "monday" | "sunday";
}

/** Regions where people run in miles. */
const IMPERIAL: ReadonlySet<string> = new Set(["US", "GB", "LR", "MM"]);

/** Returns how the visitor reads numbers and dates: as chosen, or as usual in the browser's region. */
export function useRegion(): Region {
  return resolveRegion(useChoices(), navigator.language);
}

/** Returns the region from the choices and the browser's language. */
export function resolveRegion(choices: Choices, language: string): Region {
  const locale = choices.language !== "system" &&
      !language.startsWith(choices.language)
    ? choices.language
    : language;
  const { region } = new Intl.Locale(language).maximize();
  return {
    locale,
    units: choices.units !== "system"
      ? choices.units
      : IMPERIAL.has(region ?? "")
      ? "imperial"
      : "metric",
    weekStart: choices.weekStart !== "system"
      ? choices.weekStart
      : getWeekStart(language),
  };
}

function getWeekStart(language: string): "monday" | "sunday" {
  const locale = new Intl.Locale(language) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  const info = locale.getWeekInfo?.() ?? locale.weekInfo;
  return info?.firstDay === 7 ? "sunday" : "monday";
}
