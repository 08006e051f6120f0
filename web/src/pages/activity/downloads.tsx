import type { ActivityDetail } from "@paceline/sdk";
import { useClient } from "@paceline/sdk/react";
import { type ReactNode, useState } from "react";
import { notify } from "../../app/notices.ts";
import { saveFile } from "../../app/save_file.ts";
import { useTexts } from "../../texts/use_texts.ts";
import { toEditFailure } from "./edits/edit_failure.ts";
import { toFileName, toGeoJson, toGpx } from "./gpx.ts";

/** Points of the file: every one of a day. */
const RESOLUTION = 50_000;

/** Buttons that save the track as a file, which the browser makes. */
export function Downloads(
  { activity }: { activity: ActivityDetail },
): ReactNode {
  const { edits: texts } = useTexts();
  const client = useClient();
  const [isBusy, setBusy] = useState(false);
  if (!activity.map) return null;

  function save(text: string | undefined, type: string, ending: string): void {
    if (text === undefined) {
      notify({ text: texts.noDownload, kind: "bad" });
      return;
    }
    saveFile(new File([text], toFileName(activity, ending), { type }));
  }

  async function saveGpx(): Promise<void> {
    setBusy(true);
    try {
      const { streams } = await client.activities.streams.query({
        id: activity.id,
        resolution: RESOLUTION,
      });
      save(toGpx(activity, streams), "application/gpx+xml", "gpx");
    } catch (error) {
      notify({ text: toEditFailure(error as Error, texts), kind: "bad" });
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <button
        type="button"
        className="button"
        disabled={isBusy}
        aria-label={`${texts.download}: ${texts.gpx}`}
        onClick={() => void saveGpx()}
      >
        {texts.gpx}
      </button>
      <button
        type="button"
        className="button"
        aria-label={`${texts.download}: ${texts.geojson}`}
        onClick={() =>
          save(toGeoJson(activity), "application/geo+json", "geojson")}
      >
        {texts.geojson}
      </button>
    </>
  );
}
