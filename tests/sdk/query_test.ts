import assert from "node:assert/strict";
import { createClient } from "@paceline/sdk";
import { createOptions } from "@paceline/sdk/query";
import {
  InfiniteQueryObserver,
  MutationObserver,
  QueryClient,
} from "@tanstack/react-query";
import {
  API_KEY,
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../support/app.ts";
import { ANSWERS, catchApiError, serveAnswers } from "./support.ts";

const HISTORY = createHistory(25, 4);

function createTestOptions({ app }: TestApp) {
  return createOptions(createClient({
    url: "http://localhost:5001",
    apiKey: API_KEY,
    fetch: (url, init) => app(new Request(url, init)),
  }));
}

Deno.test("queryOptions: lets TanStack Query fetch, cache and find a response", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const options = createTestOptions(test);
  const cache = new QueryClient();

  const ytd = await cache.fetchQuery(options.stats.ytd.queryOptions());
  await cache.fetchQuery(options.stats.totals.queryOptions({ by: "type" }));

  assert.equal(ytd.type, "ytd");
  assert.equal(cache.getQueryData(options.stats.ytd.queryKey()), ytd);
  assert.deepEqual(options.stats.totals.queryKey({ by: "type" }), [
    "paceline",
    "stats",
    "totals",
    { by: "type" },
  ]);
  assert.equal(
    cache.getQueriesData({ queryKey: options.stats.queryKey() }).length,
    2,
  );
  assert.equal(
    cache.getQueriesData({ queryKey: options.queryKey() }).length,
    2,
  );
  cache.clear();
});

Deno.test("infiniteQueryOptions: loads page by page to the end", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const options = createTestOptions(test);
  const cache = new QueryClient();
  const observer = new InfiniteQueryObserver(
    cache,
    options.activities.list.infiniteQueryOptions({ limit: 10 }),
  );

  let result = await observer.fetchNextPage();
  while (result.hasNextPage) result = await observer.fetchNextPage();

  const ids = result.data!.pages.flatMap((page) => page.data).map(({ id }) =>
    id
  );
  assert.equal(result.data!.pages.length, 3);
  assert.equal(new Set(ids).size, 25);
  cache.clear();
});

Deno.test("mutationOptions: runs the mutation", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const options = createTestOptions(test);
  const cache = new QueryClient();
  const observer = new MutationObserver(
    cache,
    options.admin.disconnect.mutationOptions(),
  );

  const { data } = await observer.mutate({ data: "delete" });

  assert.equal(data, "deleted");
  cache.clear();
});

Deno.test("queryOptions: disables retries of TanStack Query and passes the error on", async () => {
  const { status, ok } = ANSWERS;
  await using server = serveAnswers([status(503), ok]);
  const options = createOptions(
    createClient({ url: server.url, retries: 0 }),
  );
  const cache = new QueryClient({ defaultOptions: { queries: { retry: 3 } } });

  const error = await catchApiError(
    cache.fetchQuery(options.stats.ytd.queryOptions()),
  );

  assert.equal(error.reason, "database_unavailable");
  assert.equal(server.count, 1);
  cache.clear();
});

Deno.test("queryOptions: aborts the request when the query is cancelled", async () => {
  const { never } = ANSWERS;
  await using server = serveAnswers([never]);
  const options = createOptions(createClient({ url: server.url }));
  const cache = new QueryClient();
  const { queryKey, ...rest } = options.stats.ytd.queryOptions();
  const query = cache.fetchQuery({ queryKey, ...rest }).catch(() => "ended");
  await server.asked;

  await cache.cancelQueries({ queryKey });

  assert.equal(await query, "ended");
  await server.aborted;
  cache.clear();
});

Deno.test("queryOptions: include the athlete of the client or options in the key", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const client = createClient({
    url: "http://localhost:5001",
    apiKey: API_KEY,
    athlete: ATHLETE_ID,
    fetch: (url, init) => test.app(new Request(url, init)),
  });
  const cache = new QueryClient();
  const options = createOptions(client);
  const others = createOptions(client, { athlete: 7 });

  const ytd = await cache.fetchQuery(options.stats.ytd.queryOptions());
  const refused = await catchApiError(
    cache.fetchQuery(others.stats.ytd.queryOptions()),
  );
  await cache.fetchQuery(options.admin.status.queryOptions());

  assert.equal(ytd.type, "ytd");
  assert.equal(refused.reason, "athlete_not_found");
  assert.deepEqual(options.stats.ytd.queryKey(), [
    "paceline",
    "stats",
    "ytd",
    { athlete: ATHLETE_ID },
  ]);
  assert.equal(cache.getQueryData(options.stats.ytd.queryKey()), ytd);
  assert.deepEqual(options.stats.queryKey(), ["paceline", "stats"]);
  assert.deepEqual(options.admin.status.queryKey(), [
    "paceline",
    "admin",
    "status",
  ]);
  cache.clear();
});
