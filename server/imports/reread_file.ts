import { bumpDataVersion } from "../../db/athletes.ts";
import type { Pool } from "../../db/driver/client.ts";
import {
  getOriginal,
  updateParserVersion,
} from "../../db/imports/outdated_files.ts";
import { putRecordingStreams } from "../../db/streams/recording_streams.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import { parseActivityFile } from "../recordings/parse_activity_file.ts";
import { PARSER_VERSION } from "./read_file.ts";
import { toRecordedStreams } from "./recorded_streams.ts";

/**
 * Reads a kept file again and stores the streams, laps and lengths that this version finds in it. The
 * figures of its activities stay. One transaction: a crash leaves the file as it was, to be read next
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
    const places = await updateParserVersion(tx, {
      athleteId,
      contentHash,
      parserVersion: PARSER_VERSION,
    });
    for (const recording of recordings) {
      const { index: place } = recording;
      // A parser that finds more activities than before does not add them.
      if (!places.includes(place)) continue;
      const data = toRecordedStreams(recording);
      await putRecordingStreams(tx, { athleteId, contentHash, place, data });
    }
    await bumpDataVersion(tx, { id: athleteId });
    return true;
  });
}
