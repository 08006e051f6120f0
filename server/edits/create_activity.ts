import { createHash } from "node:crypto";
import { bumpDataVersion } from "../../db/athletes.ts";
import { restoreActivities } from "../../db/deleted_activities.ts";
import type { Sql } from "../../db/driver/client.ts";
import { forgetRemoval } from "../../db/edits/removed_activities.ts";
import { hasGear } from "../../db/gear.ts";
import {
  findRecordedActivity,
  hasImportedFile,
  markImported,
} from "../../db/imports/imported_files.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import type { Deps } from "../context.ts";
import { toEnteredFigures } from "../imports/figures.ts";
import { PARSER_VERSION, toImportedFile } from "../imports/read_file.ts";
import { renewActivities } from "../imports/join_files.ts";
import { insertParsed } from "../imports/store_file.ts";
import { type EditedFields, storeEdits } from "./edit_activities.ts";

/** An activity as its owner enters it. */
export interface EnteredActivity {
  name: string;
  sportType: string;
  /** Wall clock of the start, `2025-12-06T08:30:12`. */
  startDateLocal: string;
  /** IANA name. */
  timeZone: string;
  visibility: "everyone" | "followers_only" | "only_me";
  trainer: boolean;
  /** Totals by their names among the figures of a recording. */
  totals: Readonly<Record<string, number | undefined>>;
}

/** The stored activity, or the reason why nothing was stored. */
export type CreateResult =
  | { id: number; status: "created" | "merged" | "unchanged" }
  | "unknown_time_zone"
  | "gear_not_found";

/** Name of the file of an activity that was entered by hand. */
const FILE_NAME = "entered by hand";

/**
 * Stores an activity that its owner has entered, as if it came by file: it becomes a source of a stored
 * activity that is the same. Entering the same again changes nothing. If the activity was deleted, it
 * is restored.
 */
export async function createActivity(
  { sql, config, now }: Pick<Deps, "sql" | "config" | "now">,
  { athleteId, entered, edits }: {
    athleteId: number;
    entered: EnteredActivity;
    /** The fields that a file does not have. */
    edits: Pick<EditedFields, "description" | "gear_id" | "commute" | "race">;
  },
): Promise<CreateResult> {
  if (!isTimeZone(entered.timeZone)) return "unknown_time_zone";
  const at = new Date(now());
  const content = new TextEncoder().encode(JSON.stringify(entered));
  const contentHash = createHash("sha256").update(content).digest("hex");
  const ref = { contentHash, place: 0 };
  const figures = toEnteredFigures(entered);
  const file = await toImportedFile(
    { name: FILE_NAME, contentHash, kind: "manual", content },
    config,
  );
  return await sql.begin(async (tx) => {
    await lockSyncState(tx, { athleteId });
    if (await hasImportedFile(tx, { athleteId, contentHash })) {
      const id = await findRecordedActivity(tx, { athleteId, ...ref });
      await restore(tx, { athleteId, id, now: at });
      return { id, status: "unchanged" };
    }
    const { gear_id: gearId } = edits;
    if (gearId && !await hasGear(tx, { athleteId, id: gearId })) {
      return "gear_not_found";
    }
    const recording = {
      ...ref,
      stravaId: null,
      device: { maker: null, product: null, serial: null },
      parserVersion: PARSER_VERSION,
      figures,
      listed: null,
      profile: null,
      data: null,
    };
    const result = await insertParsed(tx, {
      athleteId,
      parsed: { file, recordings: [recording] },
      now: at,
    });
    const id = await findRecordedActivity(tx, { athleteId, ...ref });
    // The activity may have been deleted, with its file or with another source.
    await restore(tx, { athleteId, id, now: at });
    const isNew = result === "imported";
    if (isNew && Object.values(edits).some((value) => value !== undefined)) {
      await storeEdits(tx, {
        athleteId,
        activities: [{ id, sportType: entered.sportType }],
        set: edits,
        reset: [],
        now: at,
      });
    }
    await markImported(tx, { athleteId, now: at });
    return { id, status: isNew ? "created" : "merged" };
  });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    // An offset such as +01:00 is accepted too, but it has no summer time.
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}

/** Restores an activity if it is deleted: its owner has just entered it. */
async function restore(
  sql: Sql,
  { athleteId, id, now }: { athleteId: number; id: number; now: Date },
): Promise<void> {
  const ids = [id];
  const restored = await restoreActivities(sql, { athleteId, ids, now });
  if (restored.length === 0) return;
  await forgetRemoval(sql, { athleteId, ids });
  await renewActivities(sql, { athleteId, ids, now });
  await bumpDataVersion(sql, { id: athleteId });
}
