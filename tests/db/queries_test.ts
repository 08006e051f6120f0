import assert from "node:assert/strict";

/** The tables of an athlete's data. */
const ATHLETE_TABLES = [
  "activities",
  "grants",
  "pending_deletions",
  "quarantined_activities",
  "sync_runs",
  "sync_state",
  "full_sync_pages",
  "gear",
  "webhook_events",
];

/** Queries that speak of every athlete, and why they may. */
const OF_ALL: Readonly<Record<string, string>> = {
  "athlete_access.ts:listOwnedAthletes":
    "whose athletes there are; the caller is known to be their user or an administrator",
  "athletes.ts:getServedAthlete": "finds who is served",
  "athletes.ts:listAthleteStatus": "the administrator sees everyone",
  "grants.ts:listGrantAthletes": "resealing goes over every grant",
  "sync_state.ts:listDueAthletes": "the schedule goes over everyone",
  "webhook_events.ts:countWaitingEvents": "the administrator sees everyone",
  "webhook_events.ts:deleteWorkedEvents": "tidying up goes over everyone",
  "webhook_events.ts:listAthletesWithEvents": "the schedule goes over everyone",
};

interface Query {
  /** The file and the function that it stands in. */
  name: string;
  text: string;
}

/** Every sql template of a source, those inside its holes as part of it. */
function readQueries(file: string, source: string): Query[] {
  const queries: Query[] = [];
  for (let at = 0; at < source.length;) {
    const start = source.slice(at).search(/\b(sql|tx|admin|pool)(<[^`(]*>)?`/);
    if (start < 0) break;
    const open = source.indexOf("`", at + start);
    const end = findEnd(source, open);
    const before = source.slice(0, open);
    const name = [...before.matchAll(/function (\w+)/g)].at(-1)?.[1] ?? "";
    queries.push({
      name: `${file}:${name}`,
      text: source.slice(open + 1, end),
    });
    at = end + 1;
  }
  return queries;
}

/** Where the template that opens here is closed; its holes may hold further ones. */
function findEnd(source: string, open: number): number {
  for (let at = open + 1; at < source.length; at++) {
    if (source[at] === "`") return at;
    if (!source.startsWith("${", at)) continue;
    at += 2;
    for (let depth = 1; depth > 0; at++) {
      if (source[at] === "`") at = findEnd(source, at);
      else if (source[at] === "{") depth++;
      else if (source[at] === "}") depth--;
    }
    at--;
  }
  throw new Error("A template is not closed");
}

/** The athletes' tables that a query reads or writes. */
function readTables(text: string): string[] {
  const named = text.matchAll(
    /(?:\b(?:from|join|update|into|using|table)|,)\s+(?:only\s+)?(?:public\.)?"?(\w+)\b(?!\.)/gi,
  );
  return [...named].map(([, table]) => table!.toLowerCase())
    .filter((table) => ATHLETE_TABLES.includes(table));
}

/**
 * What a query lacks: each reading, update or deletion of an athlete's table needs a condition on
 * athlete_id of its own, one of them with the caller's athlete, and each insertion the column.
 */
function findLack({ text }: Query): string | undefined {
  const tables = readTables(text);
  if (tables.length === 0) return undefined;
  const conditions = [
    ...text.matchAll(
      /\b(?:where|and|on)\s+(?:\w+\.)?athlete_id = |using \(athlete_id\)|into \w+ \(\s*athlete_id\b/gi,
    ),
  ];
  const isOneAthlete = /\bathlete_id = \$\{|into \w+ \(\s*athlete_id\b/.test(
    text,
  );
  return conditions.length < tables.length || !isOneAthlete
    ? `${tables.join(", ")} but ${conditions.length} times athlete_id`
    : undefined;
}

async function readAll(): Promise<Query[]> {
  const folder = new URL("../../db/", import.meta.url);
  const queries: Query[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".ts")) continue;
    const source = await Deno.readTextFile(new URL(name, folder));
    queries.push(...readQueries(name, source));
  }
  return queries;
}

Deno.test("db/*.ts: every query of an athlete's table asks for the athlete", async () => {
  const queries = (await readAll()).filter(({ text }) =>
    readTables(text).length > 0
  );

  assert.ok(queries.length >= 20, `Only ${queries.length} queries were found`);
  for (const table of ATHLETE_TABLES) {
    assert.ok(
      queries.some(({ text }) => readTables(text).includes(table)),
      `No query of "${table}" was found`,
    );
  }
  const lacking = queries
    .filter((query) => findLack(query) !== undefined)
    .map(({ name }) => name);
  assert.deepEqual([...new Set(lacking)].sort(), Object.keys(OF_ALL).sort());
});

Deno.test("db/*.ts: no query takes all columns, none is put together from text", async () => {
  for (const { name, text } of await readAll()) {
    const plain = text.replace(/\btotals\.\*/g, "").replace(/count\(\*\)/g, "");
    assert.doesNotMatch(plain, /\*/, name);
    assert.doesNotMatch(text, /\bunsafe\(/, name);
  }
});

Deno.test("findLack: sees what the other tests rely on", () => {
  const lackOf = (text: string): boolean => {
    const [query] = readQueries(
      "a.ts",
      `function f() { return sql\`${text}\` }`,
    );
    assert.ok(query);
    return findLack(query) !== undefined;
  };
  for (
    const text of [
      "select name from activities",
      "select athlete_id from activities",
      "select 1 from activities where id = ${id}",
      "update sync_state set run_id = null",
      "delete from grants",
      "select 1 from sync_runs order by athlete_id",
      "insert into activities (id) values (${id})",
      "select 1 from sync_state join grants using (athlete_id)",
      "select 1 from activities, grants where grants.athlete_id = ${id}",
      "with a as (delete from grants where athlete_id = ${id}) delete from activities",
      "select 1 from athletes, lateral (select 1 from Activities) a",
      "select 1 from athletes join grants on grants.athlete_id = athletes.id",
    ]
  ) {
    assert.ok(lackOf(text), text);
  }
  for (
    const text of [
      "select name from activities where athlete_id = ${athleteId}",
      "select name from activities where id = ${id} and athlete_id = ${a}",
      "select 1 from rate_limit",
      "select 1 from sync_state join grants using (athlete_id) where sync_state.athlete_id = ${id}",
      "insert into activities (athlete_id, id) values (${a}, ${id})",
      "delete from activities where ${all ? sql`true` : sql`false`} and athlete_id = ${id}",
    ]
  ) {
    assert.ok(!lackOf(text), text);
  }
});
