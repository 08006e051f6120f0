import assert from "node:assert/strict";
import process from "node:process";
import { createRandom, type Random } from "../../demo/history/random.ts";
import { API_KEY, createTestApp, type TestApp } from "../support/app.ts";
import { SEED } from "../support/seed.ts";

const ENVELOPES = 150;
const MAX_BODY_BYTES = 100 * 1024;
const MAX_CPU_MS = 50;
const MAX_BYTES = 20_000_000;

type Ask = (test: TestApp) => Promise<Response>;

/** Returns a query with the input in its URL. */
function get(path: string, input: unknown): Ask {
  const text = typeof input === "string" ? input : JSON.stringify(input);
  const mark = path.includes("?") ? "&" : "?";
  return ({ get }) =>
    get(`/trpc/${path}${mark}input=${encodeURIComponent(text)}`);
}

/** A mutation with the input in its body. */
function post(path: string, input: unknown): Ask {
  const body = typeof input === "string" ? input : JSON.stringify(input);
  return ({ post }) =>
    post(`/trpc/${path}`, {
      headers: { "content-type": "application/json" },
      body,
    });
}

interface Cost {
  status: number;
  body: string;
  cpuMs: number;
  bytes: number;
}

/**
 * Asserts that a request costs little, and returns its answer. Counts this thread's processor time,
 * which other tests don't spend, and tries again what a compilation or collection made costly.
 */
async function assertCheap(
  test: TestApp,
  { ask, at }: { ask: Ask; at: string },
): Promise<Cost> {
  let cost = await measure(test, ask);
  for (let tries = 1; tries < 5 && isCostly(cost); tries++) {
    // No compilation takes this long.
    if (cost.cpuMs > 20 * MAX_CPU_MS) break;
    cost = await measure(test, ask);
  }
  const { cpuMs, bytes } = cost;
  const figures = `${cpuMs.toFixed()} ms and ${bytes} bytes`;
  assert.ok(!isCostly(cost), `${at} costs ${figures}`);
  return cost;
}

function isCostly({ cpuMs, bytes }: Cost): boolean {
  return cpuMs > MAX_CPU_MS || bytes > MAX_BYTES;
}

async function measure(test: TestApp, ask: Ask): Promise<Cost> {
  const before = Deno.memoryUsage();
  const start = process.threadCpuUsage();
  const response = await ask(test);
  const body = await response.text();
  const { user, system } = process.threadCpuUsage(start);
  const after = Deno.memoryUsage();
  return {
    status: response.status,
    body,
    cpuMs: (user + system) / 1000,
    bytes: after.heapUsed + after.external - before.heapUsed - before.external,
  };
}

function annotated(json: unknown, values: unknown): unknown {
  return { json, meta: { values, v: 1 } };
}

const TYPED_ARRAY = annotated(10_000_000, [["typed-array", "Uint8Array"]]);
/** A stream, which ends with the refusal of its input. */
const STREAM = "sync.progress?lastEventId=1";

const ATTACKS: Record<string, Ask> = {
  "GET": get("stats.ytd", TYPED_ARRAY),
  "GET without meta.v": get(
    "stats.ytd",
    '{"json":10000000,"meta":{"values":[["typed-array","Uint8Array"]]}}',
  ),
  "GET of a batch": get("stats.ytd,stats.ytd?batch=1", { 1: TYPED_ARRAY }),
  "GET of a stream": get(STREAM, TYPED_ARRAY),
  "POST": post("auth.login", TYPED_ARRAY),
  "POST of a batch": post("auth.login?batch=1", { 0: TYPED_ARRAY }),
  "POST of a field": post(
    "auth.login",
    annotated({ username: 10_000_000 }, {
      username: [["typed-array", "Float64Array"]],
    }),
  ),
};

Deno.test("/trpc: refuses a typed array before it is allocated", async () => {
  await using test = await createTestApp({ synced: true });
  for (const [at, ask] of Object.entries(ATTACKS)) {
    const { status, body } = await assertCheap(test, { ask, at });

    assert.match(body, /"reason":"invalid_input"/, at);
    assert.match(body, /An annotation must be \[\\"Date\\"\]/, at);
    // A stream has begun with 200 before its input is read.
    assert.equal(status, at === "GET of a stream" ? 200 : 400, at);
  }
});

Deno.test("/trpc: never grows an array to an annotation's index", async () => {
  await using test = await createTestApp({ synced: true });
  const input = annotated({ ids: [1] }, { "ids.3000000": ["undefined"] });
  const ask: Ask = ({ post }) =>
    post("/trpc/admin.restore", {
      headers: { "content-type": "application/json", "x-api-key": API_KEY },
      body: JSON.stringify(input),
    });

  const { status, body } = await assertCheap(test, { ask, at: "restore" });

  assert.equal(status, 400);
  assert.match(body, /must annotate null/);
});

const TYPES = [
  "Date",
  "undefined",
  "bigint",
  "Error",
  "regexp",
  "set",
  "map",
  "number",
  "URL",
  ["symbol", "x"],
  ["class", "X"],
  ["custom", "X"],
  ["typed-array", "Uint8Array"],
  ["typed-array", "Float64Array"],
] as const;

/** JSON of any shape, which costs about `size` bytes. */
function randomJson(random: Random, size: number): string {
  const repeat = (text: string): string =>
    Array(Math.max(1, Math.floor(size / (text.length + 1)))).fill(text).join();
  const deep = Math.floor(size / 12);
  const shapes: [() => string, ...(() => string)[]] = [
    () =>
      random.pick(["0", "null", "true", "3000000", '"2026-01-31"', "-1e308"]),
    () => `"${"a".repeat(size)}"`,
    () => `"/${"(a+)+".repeat(Math.floor(size / 6))}$/"`,
    () =>
      `[${repeat(random.pick(["0", "[]", "{}", "null", '"x"', "[[1,2]]"]))}]`,
    () => "[".repeat(deep) + "]".repeat(deep),
    () => '{"a":'.repeat(deep) + "0" + "}".repeat(deep),
    () => `{${randomKeys(size / 12, () => random.pick(["0", "null", "{}"]))}}`,
    () => `{"username":${randomJson(random, size / 2)},"password":"x"}`,
    () => `{"athlete":${randomJson(random, size / 2)}}`,
    () => `{"__proto__":${randomJson(random, size / 2)}}`,
  ];
  return random.pick(shapes)();
}

function randomKeys(count: number, value: () => string): string {
  return Array.from(
    { length: Math.max(1, Math.floor(count)) },
    (_, index) => `"${index.toString(36)}":${value()}`,
  ).join();
}

/** `meta` of any shape, which costs about `size` bytes. */
function randomMeta(random: Random, size: number): string {
  const leaf = (): string => JSON.stringify([random.pick(TYPES as never)]);
  const deep = Math.floor(size / 12);
  const path = (): string =>
    random.pick(["athlete", "username", "0", "a", "a.0", "ids.3000000"]);
  const values: [() => string, ...(() => string)[]] = [
    leaf,
    leaf,
    () => `{"${path()}":${leaf()}}`,
    () =>
      `[${
        JSON.stringify(random.pick(TYPES as never))
      },{"${path()}":${leaf()}}]`,
    () => `{${randomKeys(size / 32, leaf)}}`,
    () => `{"${"a.".repeat(deep)}a":{${randomKeys(size / 64, leaf)}}}`,
    () => '{"a":'.repeat(deep) + leaf() + "}".repeat(deep),
    () => "[".repeat(deep) + "]".repeat(deep),
  ];
  return random.chance(0.15)
    ? `{"referentialEqualities":{"":[${Array(deep + 1).fill('"a.b"')}]},"v":1}`
    : `{"values":${random.pick(values)()},"v":${random.whole(0, 1)}}`;
}

function randomEnvelope(random: Random, size: number): string {
  const json = randomJson(random, size * random.next() * 0.9);
  if (random.chance(0.2)) return `{"json":${json}}`;
  const meta = randomMeta(random, Math.max(0, size - json.length) * 0.9);
  return `{"json":${json},"meta":${meta}}`;
}

function randomAsk(random: Random): Ask {
  // Most are large; the smallest are the likeliest to be valid.
  const size = random.chance(0.3) ? 200 : random.whole(200, 95_000);
  const calls = random.chance(0.3) ? random.whole(1, 20) : 0;
  const name = random.pick(["stats.ytd", "auth.login", "activities.list"]);
  const ask = name === "auth.login" ? post : get;
  if (calls === 0) return ask(name, limitSize(randomEnvelope(random, size)));
  const inputs = Array.from(
    { length: calls },
    (_, index) => `"${index}":${randomEnvelope(random, size / calls)}`,
  );
  const names = Array(calls).fill(name).join();
  return ask(`${names}?batch=1`, limitSize(`{${inputs.join()}}`));
}

function limitSize(text: string): string {
  assert.ok(text.length <= MAX_BODY_BYTES, `${text.length} bytes`);
  return text;
}

Deno.test(`/trpc: no input costs over ${MAX_CPU_MS} ms or 20 MB (SEED=${SEED})`, async () => {
  await using test = await createTestApp({ synced: true });
  for (let seed = SEED; seed < SEED + ENVELOPES; seed++) {
    const ask = randomAsk(createRandom(seed));

    const cost = await assertCheap(test, { ask, at: `SEED=${seed}` });

    assert.ok(cost.status < 500, `SEED=${seed}: ${cost.body.slice(0, 500)}`);
    assert.ok(cost.body.length < 100_000, `SEED=${seed}`);
  }
});
