import type { ActivitySources } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { listEdits, type RecordingRef } from "../../db/edits/activity_edits.ts";
import { Instant, type Pool } from "../../db/driver/client.ts";
import {
  type FileSourceRow,
  getOriginal,
  listFileSources,
  listStravaSources,
  type StravaSourceRow,
} from "../../db/imports/activity_sources.ts";
import {
  isRecording,
  TOTAL_NAMES,
  type TotalColumn,
} from "../imports/apply_edits.ts";
import { findFigure, rank } from "../imports/resolve_activity.ts";
import { type EditedField, listEditedFields } from "./edit_activities.ts";

type Sources = z.input<typeof ActivitySources>;
type FigureSource = Sources["figures"][number];

/** Returns the id of a recording as a source. */
export function toRecordingId({ contentHash, place }: RecordingRef): string {
  return `${contentHash}:${place}`;
}

/** Parses the id of a source: a recording, or the id of one of Strava's activities. */
export function parseSourceId(id: string): RecordingRef | number {
  const [first, second] = id.split(":") as [string, string];
  return first === "strava"
    ? Number(second)
    : { contentHash: first, place: Number(second) };
}

/** Reads the sources of an activity, and what its owner has set. */
export async function readSources(
  sql: Pool,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<{ sources: Sources; edited: EditedField[] }> {
  const [files, strava, [edit]] = await Promise.all([
    listFileSources(sql, { athleteId, id }),
    listStravaSources(sql, { athleteId, id }),
    listEdits(sql, { athleteId, ids: [id] }),
  ]);
  const own = strava.find((each) => each.id === id);
  const preferred = files.find((each) =>
    isRecording(each, edit?.preferred ?? null)
  );
  return {
    sources: {
      data: [...strava.map(toStravaSource), ...files.map(toFileSource)],
      figures: toFigures({ files, own, preferred }),
      preferred: preferred ? toRecordingId(preferred) : null,
    },
    edited: listEditedFields(edit),
  };
}

/** Reads the file of a source, if the activity has that source and the file is kept. */
export async function readOriginal(
  sql: Pool,
  { athleteId, id, source }: { athleteId: number; id: number; source: string },
): ReturnType<typeof getOriginal> {
  const ref = parseSourceId(source);
  if (typeof ref === "number") return undefined;
  const files = await listFileSources(sql, { athleteId, id });
  const file = files.find((each) => isRecording(each, ref));
  if (!file) return undefined;
  const { contentHash } = file;
  return await getOriginal(sql, { athleteId, contentHash });
}

function toStravaSource(
  { id, name, startDate, fetchedAt, isMerged }: StravaSourceRow,
): Sources["data"][number] {
  return {
    id: `strava:${id}`,
    kind: "strava",
    name,
    strava_id: id,
    device: null,
    start_date: new Instant(startDate),
    received_at: fetchedAt,
    file_size: null,
    has_original: false,
    placement: isMerged ? "merged" : "automatic",
  };
}

function toFileSource(row: FileSourceRow): Sources["data"][number] {
  const device = [row.deviceMaker, row.deviceProduct].filter(Boolean).join(" ");
  return {
    id: toRecordingId(row),
    kind: row.kind,
    name: row.fileName,
    strava_id: row.stravaId,
    device: device || null,
    start_date: new Instant(row.figures.start_date),
    received_at: row.importedAt,
    file_size: row.fileSize,
    has_original: row.isKept,
    placement: row.placement,
  };
}

/** Returns the source of each total, in the order in which {@link writeEdits} decides. */
function toFigures({ files, own, preferred }: {
  files: readonly FileSourceRow[];
  /** Strava's activity itself. */
  own: StravaSourceRow | undefined;
  preferred: FileSourceRow | undefined;
}): FigureSource[] {
  const ranked = rank(files);
  const columns = Object.keys(TOTAL_NAMES) as TotalColumn[];
  return columns.flatMap((field): FigureSource[] => {
    const name = TOTAL_NAMES[field];
    const found = (preferred && findFigure([preferred], name)) ??
      (own?.columns.includes(field) ? undefined : findFigure(ranked, name));
    if (found) {
      const { recording, figure: { method } } = found;
      return [{ field, source: toRecordingId(recording), method }];
    }
    if (!own?.columns.includes(field)) return [];
    return [{ field, source: `strava:${own.id}`, method: "strava" }];
  });
}
