import type { Activity, ActivityDetail, ActivityPage } from "@paceline/sdk";
import { useApi, useClient } from "@paceline/sdk/react";
import { useQueryClient } from "@tanstack/react-query";
import { notify } from "../../../app/notices.ts";
import { useFormat } from "../../../format/use_format.ts";
import { useTexts } from "../../../texts/use_texts.ts";
import {
  applyValues,
  type Change,
  type ChangeOf,
  groupIds,
  invertChange,
  joinChanges,
} from "./changes.ts";
import { toEditFailure } from "./edit_failure.ts";

/** Most activities whose edits can be undone at once: each one is read before. */
const MOST_UNDO = 50;

/** The pages of a list, as TanStack Query keeps them. */
interface Pages {
  pages: ActivityPage[];
}

/** Changes of activities. Each shows its result at once, reports a failure, and can be undone. */
export interface Edits {
  update(ids: readonly number[], change: Change): Promise<void>;
  remove(ids: readonly number[]): Promise<void>;
  restore(ids: readonly number[]): Promise<void>;
  /** Merges activities into one. Reports whether it worked. */
  merge(id: number, ids: readonly number[]): Promise<boolean>;
  /** Splits a source off. Returns the id of the new activity. */
  split(id: number, source: string): Promise<number | undefined>;
}

/** Returns functions that change activities. */
export function useEdits(): Edits {
  const client = useClient();
  const cache = useCachedActivities();
  const { edits: texts, app } = useTexts();
  const format = useFormat();
  const many = (ids: readonly number[]): string => format.number(ids.length);

  /** Does work, then fetches everything again. Reports a failure. */
  async function attempt<Result>(
    work: () => Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      notify({ text: toEditFailure(error as Error, texts), kind: "bad" });
      return undefined;
    } finally {
      await cache.refresh();
    }
  }

  async function write(changes: readonly ChangeOf[]): Promise<true> {
    for (const { ids, set, reset } of changes) {
      for (const group of groupIds(ids)) {
        await client.activities.update.mutate({ ids: group, set, reset });
      }
    }
    return true;
  }

  async function update(
    ids: readonly number[],
    change: Change,
  ): Promise<void> {
    const done = await attempt(async () => {
      const before = ids.length <= MOST_UNDO
        ? await Promise.all(
          ids.map((id) => client.activities.get.query({ id })),
        )
        : [];
      cache.patch(ids, (activity) => applyValues(activity, change.set));
      await write([{ ids: [...ids], ...change }]);
      return before.map((activity) => invertChange(activity, change));
    });
    if (!done) return;
    const undo = joinChanges(done);
    notify({
      text: texts.updated(ids.length, many(ids)),
      ...undo.length > 0 && {
        action: {
          name: app.undo,
          run: () => void attempt(() => write(undo)),
        },
      },
    });
  }

  async function restore(ids: readonly number[]): Promise<void> {
    const done = await attempt(async () => {
      for (const group of groupIds(ids)) {
        await client.activities.restore.mutate({ ids: group });
      }
      return true;
    });
    if (done) notify({ text: texts.restored(ids.length, many(ids)) });
  }

  return {
    update,
    restore,
    async remove(ids) {
      const done = await attempt(async () => {
        cache.drop(ids);
        for (const group of groupIds(ids)) {
          await client.activities.delete.mutate({ ids: group });
        }
        return true;
      });
      if (!done) return;
      notify({
        text: texts.deleted(ids.length, many(ids)),
        action: { name: app.undo, run: () => void restore(ids) },
      });
    },
    async merge(id, ids) {
      const done = await attempt(() =>
        client.activities.merge.mutate({ id, ids: [...ids] })
      );
      if (done) notify({ text: texts.merged });
      return done !== undefined;
    },
    async split(id, source) {
      const done = await attempt(() =>
        client.activities.split.mutate({ id, sources: [source] })
      );
      if (done) notify({ text: texts.splitOff });
      return done?.id;
    },
  };
}

/** Returns functions that change the cached activities before the server has answered. */
function useCachedActivities(): {
  patch(
    ids: readonly number[],
    change: <Kind extends Activity>(activity: Kind) => Kind,
  ): void;
  drop(ids: readonly number[]): void;
  refresh(): Promise<void>;
} {
  const api = useApi();
  const queries = useQueryClient();
  const lists = { queryKey: api.activities.list.queryKey() };
  const setLists = (change: (data: Activity[]) => Activity[]): void => {
    queries.setQueriesData<Pages>(lists, (known) =>
      known?.pages && {
        ...known,
        pages: known.pages.map((page) => ({
          ...page,
          data: change(page.data),
        })),
      });
  };
  return {
    patch(ids, change) {
      const chosen = new Set(ids);
      setLists((data) =>
        data.map((each) => chosen.has(each.id) ? change(each) : each)
      );
      for (const id of ids) {
        queries.setQueryData<ActivityDetail>(
          api.activities.get.queryKey({ id }),
          (known) => known && change(known),
        );
      }
    },
    drop(ids) {
      const chosen = new Set(ids);
      setLists((data) => data.filter(({ id }) => !chosen.has(id)));
    },
    async refresh() {
      await queries.invalidateQueries({ queryKey: api.queryKey() });
    },
  };
}
