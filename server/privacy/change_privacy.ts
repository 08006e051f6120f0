import { MAX_PRIVACY_ZONES } from "@paceline/sdk/schemas";
import { bumpDataVersion } from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import {
  deletePrivacyZone,
  insertPrivacyZone,
  listPrivacyZones,
  type PrivacySettings,
  type PrivacyZone,
  updatePrivacySettings,
  updatePrivacyZone,
} from "../../db/privacy/privacy_zones.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import type { Deps } from "../context.ts";
import type { Reason } from "../errors.ts";
import { drawShift, moveShift } from "./hidden_circle.ts";

/** The values of a zone that its owner sets. */
export type ZoneValues = Pick<
  PrivacyZone,
  "name" | "latitude" | "longitude" | "radius"
>;

type Partly<T> = { [Name in keyof T]?: T[Name] | undefined };

/** A change of what is hidden. */
export type PrivacyChange =
  | { kind: "settings"; settings: Partly<PrivacySettings> }
  | { kind: "create"; zone: ZoneValues }
  | { kind: "update"; id: number; zone: Partly<ZoneValues> }
  | { kind: "delete"; id: number };

/**
 * Changes what is hidden. Nothing that was shown before is served from memory afterwards, in any process:
 * the athlete's data has another version. Returns the reason if nothing was changed.
 */
export async function changePrivacy(
  { sql, now }: Pick<Deps, "sql" | "now">,
  { athleteId, change, onChanged }: {
    athleteId: number;
    change: PrivacyChange;
    /** Runs in the transaction of the change. */
    onChanged?: (sql: Sql) => Promise<void>;
  },
): Promise<Reason | undefined> {
  return await sql.begin(async (tx) => {
    if (!await lockSyncState(tx, { athleteId })) return "athlete_not_found";
    const options = { athleteId, change, now: new Date(now()) };
    const reason = await applyChange(tx, options);
    if (reason) return reason;
    await bumpDataVersion(tx, { id: athleteId });
    await onChanged?.(tx);
    return undefined;
  });
}

async function applyChange(
  sql: Sql,
  { athleteId, change, now }: {
    athleteId: number;
    change: PrivacyChange;
    now: Date;
  },
): Promise<Reason | undefined> {
  switch (change.kind) {
    case "settings":
      await updatePrivacySettings(sql, { athleteId, ...change.settings });
      return undefined;
    case "create": {
      const { length } = await listPrivacyZones(sql, { athleteId });
      if (length >= MAX_PRIVACY_ZONES) return "too_many_privacy_zones";
      const zone = { ...change.zone, ...drawShift(), createdAt: now };
      await insertPrivacyZone(sql, { athleteId, zone });
      return undefined;
    }
    case "update": {
      const zones = await listPrivacyZones(sql, { athleteId });
      const before = zones.find(({ id }) => id === change.id);
      if (!before) return "privacy_zone_not_found";
      const { name, latitude, longitude, radius } = change.zone;
      const zone = {
        name: name ?? before.name,
        latitude: latitude ?? before.latitude,
        longitude: longitude ?? before.longitude,
        radius: radius ?? before.radius,
      };
      await updatePrivacyZone(sql, {
        athleteId,
        zone: { id: change.id, ...zone, ...moveShift(before, zone) },
      });
      return undefined;
    }
    case "delete": {
      const isThere = await deletePrivacyZone(sql, {
        athleteId,
        id: change.id,
      });
      return isThere ? undefined : "privacy_zone_not_found";
    }
  }
}
