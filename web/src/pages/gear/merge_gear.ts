import type { Gear, GearTotal } from "@paceline/sdk";

/** Returns the gear with its sums, and then the gear that no activity uses. */
export function mergeGear(
  used: readonly GearTotal[],
  all: readonly Gear[],
): GearTotal[] {
  const ids = new Set(used.map(({ id }) => id));
  return [
    ...used,
    ...all.filter(({ id }) => !ids.has(id)).map((gear): GearTotal => ({
      ...{ id: gear.id, name: gear.name, name_reason: null },
      ...{ brand: gear.brand, model: gear.model, nickname: gear.nickname },
      ...{ retired: gear.retired, distance: 0, moving_time: 0, count: 0 },
      ...{ first_used: null, last_used: null, used_reason: null },
    })),
  ];
}

/** Names of a gear in a form. */
export interface GearNames {
  name: string;
  brand: string;
  model: string;
}

const FIELDS = ["name", "brand", "model"] as const;

/** Returns the changes from a gear's names to those in a form. An emptied one gets its source's value again. */
export function toGearChanges(
  before: Pick<Gear, (typeof FIELDS)[number]>,
  after: GearNames,
): { set: Partial<GearNames>; reset: (typeof FIELDS)[number][] } {
  const set: Partial<GearNames> = {};
  const reset: (typeof FIELDS)[number][] = [];
  for (const field of FIELDS) {
    const value = after[field].trim();
    if (value === (before[field] ?? "")) continue;
    if (value === "") reset.push(field);
    else set[field] = value;
  }
  return { set, reset };
}
