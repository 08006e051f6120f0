import { bumpDataVersion } from "../../db/athletes.ts";
import type { Pool } from "../../db/driver/client.ts";
import {
  getOriginal,
  updateParserVersion,
} from "../../db/imports/outdated_files.ts";
import {
  fillTracks,
  listUntracked,
  updateTracks,
} from "../../db/imports/tracks.ts";
import {
  putRecordingStreams,
  type RecordingKey,
} from "../../db/streams/recording_streams.ts";
import { unpackStreams } from "../../db/streams/stream_columns.ts";
import { updateProfile } from "../../db/imports/recorded_profiles.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import { parseActivityFile } from "../recordings/parse_activity_file.ts";
import { computeTrackLine } from "../recordings/track_line.ts";
import { PARSER_VERSION } from "./read_file.ts";
import { toRecordedProfile } from "./recorded_profile.ts";
import { toRecordedStreams } from "./recorded_streams.ts";

/**
 * Reads a kept file again and stores the streams, track, laps, lengths and athlete values that this
 * version finds in it. The figures of its activities stay. One transaction: a crash leaves the file as it was, to be read next
 * time. Returns whether the file was still there.
 *
 * @throws {FileRefused} If no activity can be read from it any more.
 */
export async function rereadFile(
  sql: Pool,
  { athleteId, contentHash }: { athleteId: number; contentHash: string },
): Promise<boolean> {
  const original = await getOriginal(sql, { athleteId, contentHash });
  if (!original) return false;
  const { recordings } = parseActivityFile(original);
  return await sql.begin(async (tx) => {
    if (!await lockSyncState(tx, { athleteId })) return false;
    const read = await updateParserVersion(tx, {
      athleteId,
      contentHash,
      parserVersion: PARSER_VERSION,
    });
    for (const recording of recordings) {
      const { index: place } = recording;
      // A parser that finds more activities than before does not add them.
      if (!read.some((each) => each.place === place)) continue;
      const profile = toRecordedProfile(recording);
      await updateProfile(tx, { athleteId, contentHash, place, profile });
      const data = toRecordedStreams(recording);
      await putRecordingStreams(tx, { athleteId, contentHash, place, data });
    }
    const ids = read.map(({ activityId }) => activityId);
    await updateTracks(tx, { athleteId, ids });
    await bumpDataVersion(tx, { id: athleteId });
    return true;
  });
}

/** Recordings whose tracks are computed in one transaction. */
const TRACK_BATCH = 50;

/**
 * Computes the tracks of recordings that a version without tracks has stored, from their streams. The
 * files need not be kept. An interrupted run goes on where it was. Returns the number of recordings.
 */
export async function computeMissingTracks(
  sql: Pool,
  { athleteId }: { athleteId: number },
): Promise<number> {
  let count = 0;
  let after: RecordingKey | undefined;
  for (;;) {
    const recordings = await listUntracked(sql, {
      athleteId,
      after,
      limit: TRACK_BATCH,
    });
    if (recordings.length === 0) return count;
    const tracks = recordings.map(({ contentHash, place, ...packed }) => {
      const { time = [], latitude = null, longitude = null } = unpackStreams(
        packed,
      );
      const track = computeTrackLine({ time, latitude, longitude });
      return { contentHash, place, track };
    });
    await sql.begin(async (tx) => {
      if (!await lockSyncState(tx, { athleteId })) return;
      const ids = await fillTracks(tx, { athleteId, tracks });
      await updateTracks(tx, { athleteId, ids });
      await bumpDataVersion(tx, { id: athleteId });
    });
    count += recordings.length;
    after = recordings.at(-1);
  }
}
