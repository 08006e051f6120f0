import { formatSport } from "@paceline/sdk";
import { useTexts } from "../texts/use_texts.ts";

/** Returns a function that names a group of sports or a sport type. */
export function useSportName(): (sport: string) => string {
  const { sports, sportTypes } = useTexts();
  const names: Readonly<Record<string, string>> = { ...sportTypes, ...sports };
  return (sport) =>
    Object.hasOwn(names, sport) ? names[sport]! : formatSport(sport);
}
