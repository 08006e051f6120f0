import type { GearTotal } from "@paceline/sdk";

/** Groups of gear, in their order. */
export const GROUPS = ["bikes", "shoes", "retired"] as const;

/** Group of a gear. */
export type GearGroup = (typeof GROUPS)[number];

/** Returns the gear by group, in the given order. Ids say whether it is a bike. */
export function groupGear(
  gear: readonly GearTotal[],
): Record<GearGroup, GearTotal[]> {
  const groups: Record<GearGroup, GearTotal[]> = {
    bikes: [],
    shoes: [],
    retired: [],
  };
  for (const each of gear) {
    groups[
      each.retired
        ? "retired"
        : /^(b\d|bike_)/.test(each.id)
        ? "bikes"
        : "shoes"
    ].push(each);
  }
  return groups;
}

/** Returns the gear in use whose distance has reached its reminder. */
export function findDue(
  gear: readonly GearTotal[],
  reminders: ReadonlyMap<string, number>,
): GearTotal[] {
  return gear.filter(({ id, retired, distance }) => {
    const reminder = reminders.get(id);
    return !retired && reminder !== undefined && distance >= reminder;
  });
}

/** Returns the brand and model, if the name does not have them already. */
export function toMake({ name, brand, model }: GearTotal): string {
  const make = [brand, model].filter(Boolean).join(" ");
  return name?.includes(make) ? "" : make;
}
