import { join } from "node:path";
import { createPoints, gpx, track } from "../server/recordings/xml_file.ts";
import type { TestApp } from "./app.ts";
import { type Result, runCommand } from "./command.ts";

/** A folder for files to import, removed on disposal. */
export interface FileFolder extends AsyncDisposable {
  path: string;
  /** Writes a file, with the folders above it. Returns its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
}

/** Creates an empty folder. */
export async function createFolder(): Promise<FileFolder> {
  const path = await Deno.makeTempDir({ prefix: "paceline_import_" });
  return {
    path,
    async write(name, content) {
      const file = join(path, name);
      await Deno.mkdir(join(file, ".."), { recursive: true });
      await (typeof content === "string"
        ? Deno.writeTextFile(file, content)
        : Deno.writeFile(file, content));
      return file;
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Returns a GPX file of a run or another sport: a point each 10 seconds and 30 metres. */
export function createGpx(
  start: string,
  { points = 61, name = "", type = "Run" } = {},
): string {
  return gpx(track(createPoints(points, { start }), { name, type }));
}

/** Creates an athlete without Strava. Returns its id. */
export async function createFileAthlete(
  test: TestApp,
  args: readonly string[] = [],
): Promise<number> {
  const { code, printed, said } = await runCommand(test, [
    "athlete",
    "create",
    "--name=Ada",
    ...args,
  ]);
  if (code !== 0) throw new Error(said);
  return Number(printed.trim());
}

/** Runs `import` on paths. Zones that nothing tells are UTC. */
export async function importPaths(
  test: TestApp,
  paths: string | readonly string[],
  args: readonly string[] = [],
): Promise<Result> {
  return await runCommand(test, [
    "import",
    ...typeof paths === "string" ? [paths] : paths,
    "--time-zone=UTC",
    ...args,
  ]);
}

/** Reads the columns of an athlete's activities that tests compare, in the order of their starts. */
export async function readActivities(
  { deps: { sql } }: TestApp,
  athleteId: number,
): Promise<Record<string, unknown>[]> {
  const rows = await sql`
    select
      id, source, name, sport_type, start_date_local, distance, moving_time, elapsed_time,
      average_heartrate, visibility
    from activities
    where athlete_id = ${athleteId}
      and deleted_at is null
    order by start_date, id
  `;
  return rows.map((row) => ({ ...row }));
}
