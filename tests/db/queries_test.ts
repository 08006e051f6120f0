import assert from "node:assert/strict";

/** The tables of an athlete's data. */
const ATHLETE_TABLES = [
  "activities",
  "activity_edits",
  "activity_kinds",
  "activity_months",
  "athlete_values",
  "privacy_zones",
  "grants",
  "imported_files",
  "recordings",
  "imports",
  "import_entries",
  "recording_streams",
  "strava_streams",
  "stream_fetches",
  "pending_deletions",
  "quarantined_activities",
  "sync_runs",
  "sync_state",
  "full_sync_pages",
  "gear",
  "webhook_events",
];

/** Queries across all athletes, and the reason for each. */
const ACROSS_ATHLETES: Readonly<Record<string, string>> = {
  "history/pack.ts:packAllMonths": "a restore covers all athletes",
  "athlete_status.ts:listAthleteStatus": "the administrator sees all athletes",
  "athlete_owners.ts:listOwnedAthletes":
    "lists the athletes of a user; the caller is that user or an administrator",
  "grants.ts:listGrantAthletes": "resealing covers all grants",
  "imports/import_jobs.ts:deleteOldImports": "the cleanup covers all athletes",
  "imports/import_jobs.ts:listAthletesWithImports":
    "the schedule covers all athletes",
  "imports/move_athlete.ts:lockOnlyFileAthlete":
    "looks for the only athlete of an owner",
  "streams/stream_fetches.ts:listStreamAthletes":
    "the schedule covers all athletes",
  "sync_state.ts:listDueAthletes": "the schedule covers all athletes",
  "webhook_events.ts:countWaitingEvents": "the administrator sees all athletes",
  "webhook_events.ts:deleteProcessedEvents": "the cleanup covers all athletes",
  "webhook_events.ts:listAthletesWithEvents":
    "the schedule covers all athletes",
};

interface Query {
  /** File and function. */
  name: string;
  text: string;
}

/** Finds every SQL template of a source; templates inside its placeholders are part of it. */
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

/** Finds the end of the template that opens here; its placeholders may hold templates. */
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

/** Finds the athletes' tables that a query reads or writes. */
function readTables(text: string): string[] {
  const named = text.matchAll(
    /(?:\b(?:from|join|update|into|using|table)|,)\s+(?:only\s+)?(?:public\.)?"?(\w+)\b(?!\.)/gi,
  );
  return [...named].map(([, table]) => table!.toLowerCase())
    .filter((table) => ATHLETE_TABLES.includes(table));
}

/**
 * Describes the conditions that a query lacks. Every athlete table that it reads, updates or deletes
 * needs a condition on `athlete_id`, one of them with the caller's athlete. An insert needs the
 * column.
 */
function findMissingCondition({ text }: Query): string | undefined {
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
  const names = (await Promise.all(
    ["", "history/", "imports/", "privacy/", "streams/"].map(async (path) => {
      const files = await Array.fromAsync(
        Deno.readDir(new URL(path, folder)),
      );
      return files.map(({ name }) => path + name);
    }),
  )).flat();
  for (const name of names) {
    if (!name.endsWith(".ts")) continue;
    const source = await Deno.readTextFile(new URL(name, folder));
    queries.push(...readQueries(name, source));
  }
  return queries;
}

Deno.test("db/*.ts: every query of an athlete's table restricts athlete_id", async () => {
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
  const incomplete = queries
    .filter((query) => findMissingCondition(query) !== undefined)
    .map(({ name }) => name);
  assert.deepEqual(
    [...new Set(incomplete)].sort(),
    Object.keys(ACROSS_ATHLETES).sort(),
  );
});

/**
 * Describes what a database cannot do that has an athlete's rows on another node than the next
 * athlete's: join each of several athletes, or one that is chosen in the same query, to its rows.
 */
function findJoinAcross({ text }: Query): string | undefined {
  if (/\blateral\b/i.test(text)) return "a lateral join";
  const choosesAthlete = /\b(from|join) athletes\b/i.test(text) &&
    /\blimit\b/i.test(text);
  return choosesAthlete && readTables(text).length > 0
    ? "a choice of an athlete and its rows"
    : undefined;
}

Deno.test("db/*.ts: no query joins chosen athletes to their rows", async () => {
  const found = (await readAll()).flatMap((query) => {
    const problem = findJoinAcross(query);
    return problem ? [`${query.name}: ${problem}`] : [];
  });

  assert.deepEqual(found, []);
});

Deno.test("findJoinAcross: finds lateral joins, and a choice with its rows", () => {
  const find = (text: string) => findJoinAcross({ name: "", text });

  assert.ok(find("select 1 from months cross join lateral (select 1) a"));
  assert.ok(
    find(
      "with a as (select id from athletes limit 1) select 1 from a join grants on athlete_id = id",
    ),
  );
  assert.equal(find("select id from athletes order by id limit 1"), undefined);
  assert.equal(
    find("select 1 from activities where athlete_id = ${a} limit 1"),
    undefined,
  );
});

Deno.test("db/*.ts: queries name their columns, and are not built from text", async () => {
  for (const { name, text } of await readAll()) {
    const plain = text.replace(/count\(\*\)/g, "");
    assert.doesNotMatch(plain, /\*/, name);
    assert.doesNotMatch(text, /\bunsafe\(/, name);
  }
});

Deno.test("findMissingCondition: finds queries without athlete_id", () => {
  const isIncomplete = (text: string): boolean => {
    const [query] = readQueries(
      "a.ts",
      `function f() { return sql\`${text}\` }`,
    );
    assert.ok(query);
    return findMissingCondition(query) !== undefined;
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
    assert.ok(isIncomplete(text), text);
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
    assert.ok(!isIncomplete(text), text);
  }
});
