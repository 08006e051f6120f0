import type { ReactNode } from "react";

/** Outlines of the icons, in a square of 24 units. */
const PATHS = {
  overview: "M4 13h6V4H4zm0 7h6v-4H4zm10 0h6v-9h-6zm0-16v4h6V4z",
  activities: "M4 6h16M4 12h16M4 18h10",
  statistics: "M5 20V11m7 9V4m7 16v-6",
  training: "M3 17l5-7 4 4 4-8 5 6",
  gear: "M4 17h16l-1-4-6-2-3-5-6 1z",
  sources: "M12 3v12m-5-5l5 5 5-5M4 20h16",
  settings:
    "M12 9a3 3 0 100 6 3 3 0 000-6zm0-6v3m0 12v3m9-9h-3M6 12H3m15.4-6.4l-2.1 2.1M7.7 16.3l-2.1 2.1m0-12.8l2.1 2.1m8.6 8.6l2.1 2.1",
  person: "M12 4a4 4 0 100 8 4 4 0 000-8zm-8 17a8 8 0 0116 0",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  check: "M5 12l5 5 9-10",
  search: "M11 4a7 7 0 100 14 7 7 0 000-14zm5 12l4 4",
  close: "M6 6l12 12M18 6L6 18",
  run: "M14 4.5h.01M8 21l3-6-3-3 2-5 4 2 3 3m-6 1l3 3v4",
  ride:
    "M6 13a4 4 0 100 8 4 4 0 000-8zm12 0a4 4 0 100 8 4 4 0 000-8zM6 17l4-8h5l3 8m-8-8l4 8m-1-11h3",
  swim: "M3 19c2-2 4 0 6-1s4 1 6 0 4 1 6 0M5 14l6-5 4 5M17 8h.01",
  other:
    "M12 3l2.6 5.6 6.1.7-4.5 4.2 1.2 6L12 16.5 6.6 19.5l1.2-6L3.3 9.3l6.1-.7z",
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

/** An icon, as high as the text around it. Screen readers skip it: its name is next to it. */
export function Icon({ name }: { name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Returns the icon of a `sport_type`. */
export function toSportIcon(sportType: string): IconName {
  if (/run|walk|hike/i.test(sportType)) return "run";
  if (/ride|cycl|handcycle|velomobile/i.test(sportType)) return "ride";
  return /swim/i.test(sportType) ? "swim" : "other";
}
