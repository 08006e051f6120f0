import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Context } from "./command.ts";
import { athlete } from "./commands/athlete.ts";
import { backup, restore } from "./commands/backup.ts";
import { completions } from "./commands/completions.ts";
import { database } from "./commands/database.ts";
import { erase } from "./commands/erase.ts";
import { exportData } from "./commands/export.ts";
import { importFiles } from "./commands/import.ts";
import { key } from "./commands/key.ts";
import { reread } from "./commands/reread.ts";
import { serve } from "./commands/serve.ts";
import { sync } from "./commands/sync.ts";
import { user } from "./commands/user.ts";
import { webhook } from "./commands/webhook.ts";

// The launcher reads this table and lives as long as the server. So a command imports its code only
// when it runs: the launcher would hold 30 MB more otherwise.

const ROUTES = {
  serve,
  sync,
  webhook,
  athlete,
  import: importFiles,
  reread,
  user,
  key,
  export: exportData,
  erase,
  backup,
  restore,
  database,
  completions,
};

/** Every command: its help, its options, what it needs, and the code that it runs. */
export const COMMANDS: RouteMap<Context> = buildRouteMap({
  routes: ROUTES,
  docs: {
    brief: "Runs Paceline",
    fullDescription: `Runs Paceline.

The settings come from the environment and .env; .env.example lists them all. Without a database in
the settings, a PostgreSQL is started that keeps its data in .data/. In development, missing secrets
are generated once and kept in .data/secrets.json.

Short forms: deno task start (serve), dev (serve --watch), sync, webhook, user, key, export, erase.`,
  },
});

/** The same commands with the help of the image, which has neither .env nor .data/. */
export const IMAGE_COMMANDS: RouteMap<Context> = buildRouteMap({
  routes: ROUTES,
  docs: {
    brief: "Runs Paceline",
    fullDescription: `Runs Paceline.

The settings come from the environment; .env.example lists them all. Files of secrets must be in
/run/secrets. "backup -" and "restore -" use pipes.`,
  },
});
