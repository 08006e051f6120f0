import assert from "node:assert/strict";
import {
  type ActivityOrder,
  countActivities,
  listActivities,
  SORT_COLUMNS,
} from "../../db/activity_list.ts";
import type { ActivityFilter } from "../../db/activity_filter.ts";
import type { Sql } from "../../db/driver/client.ts";
import { listGearTotals } from "../../db/gear.ts";
import { until } from "../support/sync.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const [ADA, OTHERS] = [1, 4] as const;
const COUNT = 20_000;
const ALL = { athleteId: ADA, visibility: undefined };

/** Creates 20,000 activities of Ada of about 2 kB each, among those of others, and vacuums. */
async function createLargeHistory(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  const { sql } = database;
  await sql`alter table activities set (autovacuum_enabled = false)`;
  await sql`
    insert into athletes (id, profile, connected_at)
    select id, '{}', now()
    from generate_series(1, ${OTHERS}) as id
  `;
  await sql`
    insert into activities (
      athlete_id, id, name, type, sport_type, start_date, start_date_local, utc_offset,
      distance, moving_time, elapsed_time, total_elevation_gain, average_speed, max_speed,
      kudos_count, visibility, gear_id, trainer, commute, manual, raw, content_hash,
      first_seen_at, fetched_at
    )
    select
      athlete.id, n,
      case when n % 500 = 0 then 'Rare ' else '' end
        || (array['Morning Run', 'Evening Ride', 'Lunch Swim'])[1 + n % 3],
      (array['Run', 'Ride', 'Swim'])[1 + n % 3],
      (array['Run', 'Ride', 'Swim'])[1 + n % 3],
      start, start, 0, n::bigint * 7919 % 100000, n::bigint * 104729 % 20000, 0, n::bigint * 1299709 % 3000,
      n::bigint * 15485863 % 10000 / 1000.0, 10, 0,
      (array['everyone', 'everyone', 'only_me'])[1 + n % 7 % 3],
      'g' || n % 40, n % 50 = 0, n % 20 = 0, false,
      jsonb_build_object(
        'map', jsonb_build_object(
          'summary_polyline', case when n % 9 > 0 then repeat('_p~iF~ps|U', 30) else '' end
        ),
        'rest', (select string_agg(md5(n::text || part), '') from generate_series(1, 40) part)
      ),
      ''::bytea, now(), now()
    from generate_series(1, ${OTHERS}) as athlete (id)
    cross join lateral (
      select n, timestamp '2010-01-01' + n * interval '7 hours' as start
      from generate_series(1, case when athlete.id = ${ADA} then ${COUNT} else 2000 end) as n
    ) as numbered
  `;
  // A snapshot, such as autovacuum's, keeps pages from being marked as visible to all.
  await until(async () => {
    await sql`vacuum (analyze) activities`;
    const [table] = await sql<{ isVisible: boolean }[]>`
      select relallvisible = relpages as "isVisible"
      from pg_class
      where oid = 'activities'::regclass
    `;
    return table!.isVisible;
  }, "a vacuum of all pages");
  return database;
}

interface Node {
  "Node Type": string;
  "Index Name"?: string;
  "Heap Fetches"?: number;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  Plans?: Node[];
}

/** Creates a `Sql` that explains queries and collects their plans. */
function createExplainer(sql: Sql): { sql: Sql; plans: Node[] } {
  const plans: Node[] = [];
  const build = sql as unknown as (...args: unknown[]) => unknown;
  const explain = (...args: unknown[]): unknown => {
    const query = build(...args);
    if (!(query instanceof Promise)) return query;
    // Fragments are never awaited. An awaited query becomes a fragment of an `explain`.
    const then: Promise<unknown>["then"] = (resolve, reject) =>
      sql<{ "QUERY PLAN": [{ Plan: Node }] }[]>`
        explain (analyze, buffers, format json) ${query as never}
      `.then(([row]) => {
        plans.push(row!["QUERY PLAN"][0].Plan);
        return [{ count: 0 }];
      }).then(resolve, reject);
    return Object.assign(query, { then });
  };
  return { sql: Object.assign(explain, sql) as unknown as Sql, plans };
}

function listNodes(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(listNodes)];
}

function countPages(plan: Node): number {
  return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
}

const LIMIT = 101;
/** Most pages of the index for 20,000 activities, and of the rows of a page with their lookups. */
const INDEX_PAGES = 450;
const ROW_PAGES = LIMIT * 4;

const FILTERS: Record<string, Partial<ActivityFilter>> = {
  none: {},
  visibility: { visibility: ["everyone"] },
  sport: { sport: "run" },
  type: { activityType: "swim" },
  gear: { gearId: "g7" },
  "no such gear": { gearId: "none" },
  distance: { minDistance: 99_000 },
  commute: { commute: true },
  trainer: { trainer: true },
  map: { hasMap: false },
};

Deno.test("listActivities: reads an index and the rows of one page in any order", async () => {
  await using database = await createLargeHistory();
  const { sql, plans } = createExplainer(database.sql);
  const orders = Object.keys(SORT_COLUMNS).flatMap((sort) =>
    (["desc", "asc"] as const).map((
      order,
    ) => ({ sort, order } as ActivityOrder))
  );
  const [table] = await database.sql<{ pages: number }[]>`
    select relpages::integer as pages
    from pg_class
    where oid = 'activities'::regclass
  `;

  for (const [name, filter] of Object.entries(FILTERS)) {
    for (const order of orders) {
      await listActivities(sql, {
        ...ALL,
        limit: LIMIT,
        ...order,
        ...filter,
      });
      const plan = plans.at(-1)!;
      const at = `${name}, ${order.sort} ${order.order}`;
      const nodes = listNodes(plan);
      assert.ok(
        !nodes.some((node) => node["Node Type"] === "Seq Scan"),
        `${at}: ${
          JSON.stringify(
            nodes.map((n) => [n["Node Type"], n["Index Name"], countPages(n)]),
          )
        }`,
      );
      const pages = countPages(plan);
      assert.ok(
        pages <= INDEX_PAGES + ROW_PAGES,
        `${at}: ${pages} pages of ${table!.pages}`,
      );
    }
    await countActivities(sql, { ...ALL, ...filter });
    const pages = countPages(plans.at(-1)!);
    assert.ok(pages <= INDEX_PAGES, `count, ${name}: ${pages} pages`);
  }
  assert.ok(table!.pages > 5 * INDEX_PAGES, "The rows are not wide");
});

Deno.test("listActivities: reads only the newest page, the year or the month", async () => {
  await using database = await createLargeHistory();
  const { sql, plans } = createExplainer(database.sql);
  const countPagesOf = async (
    filter: Partial<ActivityFilter & ActivityOrder>,
    limit: number,
  ): Promise<number> => {
    await listActivities(sql, { ...ALL, limit, ...filter });
    return countPages(plans.at(-1)!);
  };

  assert.ok(
    await countPagesOf({}, 10) <= 80,
    `the newest: ${countPages(plans.at(-1)!)}`,
  );
  assert.ok(
    await countPagesOf({ year: 2015, sort: "distance" }, 10) <= 110,
    `a year: ${countPages(plans.at(-1)!)}`,
  );
  const month = { from: "2015-03-01", to: "2015-03-31" };
  assert.ok(
    await countPagesOf({ ...month, sort: "moving_time" }, 10) <= 90,
    `a month: ${countPages(plans.at(-1)!)}`,
  );
});

Deno.test("listActivities: reads the search index and only the names found", async () => {
  await using database = await createLargeHistory();
  const { sql, plans } = createExplainer(database.sql);

  await listActivities(sql, { ...ALL, limit: 10, q: "rare" });
  const plan = plans.at(-1)!;
  const nodes = listNodes(plan);
  assert.ok(
    nodes.some((node) => node["Index Name"] === "activities_search"),
    JSON.stringify(nodes.map((n) => [n["Node Type"], n["Index Name"]])),
  );
  assert.ok(countPages(plan) <= 700, `${countPages(plan)} pages`);
  const heap = nodes.find((node) => node["Node Type"] === "Bitmap Heap Scan")!;
  assert.equal(heap["Actual Rows"], COUNT / 500, "only Ada's rows");

  await countActivities(sql, { ...ALL, q: "rare" });
  assert.ok(countPages(plans.at(-1)!) <= 700);
});

Deno.test("listGearTotals: reads only one athlete's part of an index", async () => {
  await using database = await createLargeHistory();
  const { sql, plans } = createExplainer(database.sql);

  await listGearTotals(sql, {
    athleteId: ADA,
    visibility: ["everyone"],
    today: "2026-11-20",
  });

  const plan = plans.at(-1)!;
  assert.ok(countPages(plan) <= INDEX_PAGES, `${countPages(plan)} pages`);
});
