import type { Command } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import { choice, optionalText, OWNER_OPTIONS, toggle } from "../options.ts";

const VISIBILITIES = ["everyone", "followers_only", "only_me"] as const;

interface ImportFlags {
  athlete?: number | undefined;
  dryRun?: boolean;
  timeZone?: string | undefined;
  watch?: boolean;
  visibility?: typeof VISIBILITIES[number] | undefined;
  /** The folder that relative paths start from. Only the launcher sets this. */
  base?: string | undefined;
}

/** The command `import`. */
export const importFiles: Command<Context> = defineCommand<
  ImportFlags,
  string[]
>({
  brief: "Import activity files, folders, archives, or Strava's bulk export",
  description:
    `Imports FIT, GPX and TCX files (also .gz), folders of them, ZIP and TAR archives, and Strava's bulk
export as it was downloaded.

The first import of an empty instance creates its athlete. Use "athlete create" to give it a name or an
owner.

A file that was imported before is left unchanged, so an interrupted import goes on when it is run
again. Files of one activity are merged, also with what Strava's API gave. The exit code is 1 if a file
was refused; all others are imported. docs/import.md has the rules.

With --watch the paths are folders, and the command runs until it is interrupted: it imports files as they
appear, each when it has not changed for 5 seconds.`,
  parameters: {
    positional: {
      kind: "array",
      minimum: 1,
      parameter: {
        brief: "File, folder or archive",
        placeholder: "path",
        parse: (text: string) => text,
      },
    },
    flags: {
      athlete: OWNER_OPTIONS.athlete,
      dryRun: toggle("Report what would happen, and store nothing"),
      watch: toggle(
        "Import the files of folders as they appear, until interrupted",
      ),
      timeZone: {
        ...optionalText(
          "Zone of recordings without a position, such as Europe/Berlin; default: that of this machine",
          "zone",
        ),
        parse: parseTimeZone,
      },
      visibility: {
        kind: "parsed",
        ...choice("visibility", {
          brief:
            "Visibility of the activities: everyone, followers_only or only_me (default)",
          values: VISIBILITIES,
        }),
        optional: true,
      },
      base: {
        ...optionalText("Folder of relative paths", "folder"),
        hidden: true,
      },
    },
  },
  findProblem: ({ dryRun = false, watch = false }) =>
    dryRun && watch ? "--watch and --dry-run exclude each other" : undefined,
  needs: (_flags, ...paths) => ({ reads: paths }),
  async run(
    { config, terminal },
    { athlete, dryRun = false, watch = false, base, ...choices },
    ...paths
  ) {
    if (watch) {
      const { runWatch } = await import("../actions/run_watch.ts");
      return await runWatch(config, {
        paths,
        base: base ?? Deno.cwd(),
        athleteId: athlete,
        ...choices,
      });
    }
    const { importFromShell } = await import("../actions/import.ts");
    return await importFromShell(config, {
      terminal,
      paths,
      base: base ?? Deno.cwd(),
      athleteId: athlete,
      isDryRun: dryRun,
      ...choices,
    });
  },
});

function parseTimeZone(text: string): string {
  try {
    return Temporal.Now.zonedDateTimeISO(text).timeZoneId;
  } catch {
    throw new Error("expected a time zone such as Europe/Berlin");
  }
}
