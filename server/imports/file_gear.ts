import { createHash } from "node:crypto";
import type { FileGear } from "../../db/imports/file_gear.ts";
import type { NamedGear } from "../recordings/strava_export/exported_activity.ts";
import { normalizeName } from "../recordings/strava_export/other_tables.ts";
import { toText } from "./text.ts";

/**
 * Returns gear of a bulk export as it is stored. The export has no ids, so the id follows from the kind
 * and the names: the next export gives the same one. It is never one of Strava's, such as `b123`.
 */
export function toFileGear({ kind, name, brand, model }: NamedGear): FileGear {
  const key = [name, brand, model].map(normalizeName);
  const hash = createHash("sha256").update(JSON.stringify(key)).digest("hex");
  return {
    id: `${kind ?? "gear"}_${hash.slice(0, 16)}`,
    name: toText(name),
    brand_name: toText(brand),
    model_name: toText(model),
  };
}
