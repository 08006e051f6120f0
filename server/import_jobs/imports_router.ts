import {
  Import,
  ImportDetail,
  ImportInput,
  ImportProgressInput,
  Imports,
  ImportsInput,
} from "@paceline/sdk/schemas";
import { tracked } from "@trpc/server";
import { listRefused } from "../../db/imports/import_entries.ts";
import {
  getImport,
  type ImportJob,
  listImports,
} from "../../db/imports/import_jobs.ts";
import { requireOwn } from "../auth/access.ts";
import { readCaller } from "../auth/caller.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { toEventId, toImport } from "./to_import.ts";

/** Time between two checks of a progress stream. */
const POLL_MS = 1000;

/** The procedures about uploads and what became of their files. */
export const importsRouter = router({
  /** The athlete's imports. */
  list: ownerProcedure
    .meta({
      scope: "import:write",
      openapi: {
        method: "GET",
        path: "/api/imports",
        tags: ["imports"],
        summary: "List imports",
        description:
          "The uploads of the last 30 days with the numbers of their files by result.",
      },
    })
    .input(ImportsInput)
    .output(Imports)
    .query(async ({ ctx, input: { limit, cursor } }) => {
      const rows = await listImports(ctx.sql, {
        athleteId: ctx.athlete.id,
        beforeId: cursor === undefined ? null : Number(cursor),
        limit: limit + 1,
      });
      const page = rows.slice(0, limit);
      return {
        data: page.map(toImport),
        next_cursor: rows.length > limit ? String(page.at(-1)!.id) : null,
      };
    }),

  /** One import with its refused files. */
  get: ownerProcedure
    .meta({
      scope: "import:write",
      errors: ["import_not_found"],
      openapi: {
        method: "GET",
        path: "/api/imports/{id}",
        tags: ["imports"],
        summary: "Get an import",
        description:
          "The progress of an import, and its refused files with the reasons.",
      },
    })
    .input(ImportInput)
    .output(ImportDetail)
    .query(async ({ ctx, input: { id, limit, cursor } }) => {
      const job = await requireImport(ctx, { athleteId: ctx.athlete.id, id });
      const rows = await listRefused(ctx.sql, {
        athleteId: ctx.athlete.id,
        importId: id,
        afterPlace: Number(cursor ?? -1),
        limit: limit + 1,
      });
      const page = rows.slice(0, limit);
      return {
        ...toImport(job),
        refusals: page.map(({ name, reason }) => ({ name, reason })),
        next_cursor: rows.length > limit ? String(page.at(-1)!.place) : null,
      };
    }),

  /** An import again after every change, as a stream. */
  progress: ownerProcedure
    .meta({
      scope: "import:write",
      errors: ["import_not_found"],
      stream: {
        event: Import,
        summary: "An import after every change",
        description:
          "A stream of events over tRPC that ends when the import has. After a lost connection it " +
          "continues from the id of the last event.",
      },
    })
    .input(ImportProgressInput)
    .subscription(async function* ({ ctx, input, signal }) {
      const { athlete, background } = ctx;
      const end = AbortSignal.any([
        background.signal,
        ...signal ? [signal] : [],
      ]);
      let last = input.lastEventId;
      while (!end.aborted) {
        const options = { athleteId: athlete.id, id: input.id };
        const job = await requireImport(ctx, options);
        const id = toEventId(job);
        if (id !== last) {
          await requireAccess(ctx, athlete.id);
          yield tracked(id, Import.parse(toImport(job)));
        }
        if (job.state === "done") return;
        last = id;
        await ctx.sleep(POLL_MS, end).catch(() => {});
      }
    }),
});

async function requireImport(
  { sql }: Context,
  options: { athleteId: number; id: number },
): Promise<ImportJob> {
  const job = await getImport(sql, options);
  if (!job) throw new AppError("import_not_found");
  return job;
}

/** Throws if the caller lost access since the stream started, or the session or key has ended. */
async function requireAccess(ctx: Context, athleteId: number): Promise<void> {
  const caller = await readCaller(ctx, ctx);
  if (caller.kind === "refused") throw new AppError(caller.reason);
  await requireOwn({ ...ctx, caller }, athleteId);
}
