import assert from "node:assert/strict";
import {
  connect,
  type Pool,
  PostgresError,
} from "../../../db/driver/client.ts";
import { migrate, MIGRATIONS } from "../../../db/migrate.ts";
import { createEmptyDatabase } from "../../support/backup.ts";
import { createTestDatabase } from "../../support/database.ts";
import { assertPacked, readPacked } from "../../support/packed_months.ts";
import {
  type Change,
  CHANGED_ATHLETES,
  createChanges,
  insertChangedAthletes,
} from "../../support/random_changes.ts";
import { SEED } from "../../support/seed.ts";

const ROUNDS = 60;
/** Transactions that run at the same time. */
const CONCURRENT = 4;

/** An error that rolls a transaction back on purpose. */
class Rollback extends Error {}

/** A deadlock, or two transactions that insert the same activity. */
const CONFLICTS = ["40P01", "23505"];

/** Runs changes in one transaction. PostgreSQL may end it because of another one. */
async function runTransaction(
  sql: Pool,
  { changes, locks, failsAt }: {
    changes: Change[];
    /** The athlete whose sync state is locked first, as the sync does. */
    locks?: number | undefined;
    /** The number of changes after which it is rolled back. */
    failsAt?: number | undefined;
  },
): Promise<"committed" | "rolled back" | "conflict"> {
  try {
    await sql.begin(async (tx) => {
      await tx`set local deadlock_timeout = '20ms'`;
      if (locks !== undefined) {
        await tx`select from sync_state where athlete_id = ${locks} for update`;
      }
      for (const [index, change] of changes.entries()) {
        if (index === failsAt) throw new Rollback();
        await change(tx);
      }
    });
    return "committed";
  } catch (error) {
    if (error instanceof Rollback) return "rolled back";
    if (error instanceof PostgresError && CONFLICTS.includes(error.code)) {
      return "conflict";
    }
    throw error;
  }
}

Deno.test(`packed months: equal a recomputation after random changes, SEED=${SEED}`, async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertChangedAthletes(sql);
  const { dice, createChange } = createChanges(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const athleteId = CHANGED_ATHLETES[round % CHANGED_ATHLETES.length]!;
    const length = 1 + Math.floor(dice() * 5);
    const changes = Array.from({ length }, () => createChange(athleteId));
    const failsAt = dice() < 0.2 ? Math.floor(dice() * length) : undefined;

    await runTransaction(sql, { changes, failsAt });

    await assertPacked(sql, `round ${round}`);
  }
});

Deno.test(`packed months: lose no change of concurrent transactions, SEED=${SEED}`, async () => {
  await using database = await createTestDatabase();
  await insertChangedAthletes(database.sql);
  const sql = connect(database.url, { max: CONCURRENT });
  const { dice, createChange } = createChanges(SEED);
  const results = new Map<string, number>();
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const athleteId = CHANGED_ATHLETES[round % CHANGED_ATHLETES.length]!;
      const ended = await Promise.all(
        Array.from({ length: CONCURRENT }, () => {
          const length = 1 + Math.floor(dice() * 3);
          const changes = Array.from({ length }, () => createChange(athleteId));
          const locks = dice() < 0.5 ? athleteId : undefined;
          const failsAt = dice() < 0.1 ? length - 1 : undefined;
          return runTransaction(sql, { changes, locks, failsAt });
        }),
      );
      for (const each of ended) {
        results.set(each, (results.get(each) ?? 0) + 1);
      }
      await assertPacked(database.sql, `round ${round}`);
    }
  } finally {
    await sql.end();
  }
  assert.ok(results.get("committed")! > ROUNDS, `${[...results]}`);
});

Deno.test("packed months: count both of two transactions that add to one month", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertChangedAthletes(sql);
  for (const athleteId of CHANGED_ATHLETES) {
    const first = Promise.withResolvers<void>();
    const commit = Promise.withResolvers<void>();
    const one = sql.begin(async (tx) => {
      await insertRun(tx, { athleteId, id: 1 });
      first.resolve();
      await commit.promise;
    });
    await first.promise;
    const two = sql.begin((tx) => insertRun(tx, { athleteId, id: 2 }));
    await waitForLock(sql);
    commit.resolve();
    await Promise.all([one, two]);

    const packed = await readPacked(sql, athleteId);
    assert.deepEqual(packed.map(({ id }) => id), [1, 2]);
  }
});

Deno.test("packed months: stay as they are when only other columns change", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertChangedAthletes(sql);
  await insertRun(sql, { athleteId: 1, id: 1 });
  const read = async (): Promise<unknown> =>
    (await sql`select xmin, ctid from activity_months`)[0];
  const before = await read();

  await sql`update activities set kudos_count = 5, name = 'New', fetched_at = now()`;
  await sql`update activities set distance = distance`;
  await sql`update activities set distance = 7 where false`;
  assert.deepEqual(await read(), before);

  await sql`update activities set distance = 7`;
  assert.notDeepEqual(await read(), before);
});

Deno.test("packed months: hold more than 255 kinds", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertChangedAthletes(sql);
  for (let id = 1; id <= 300; id++) {
    await insertRun(sql, { athleteId: 1, id, sportType: `Sport ${id}` });
  }

  await assertPacked(sql);
  assert.equal((await readPacked(sql, 1)).at(-1)?.sportType, "Sport 300");
});

Deno.test("packed months: go with their athlete", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertChangedAthletes(sql);
  for (const athleteId of CHANGED_ATHLETES) {
    await insertRun(sql, { athleteId, id: 1 });
  }

  await sql`delete from athletes where id <> 2`;

  const rows = await sql`
    select athlete_id from activity_months
    union all
    select athlete_id from activity_kinds
  `;
  assert.deepEqual(rows.map((row) => row["athlete_id"]), [2, 2]);
});

Deno.test("0007_packed_months: packs the activities that a database already has", async () => {
  await using database = await createEmptyDatabase();
  const { sql } = database;
  const index = MIGRATIONS.findIndex(({ name }) =>
    name === "0007_packed_months"
  );
  await migrate(sql, MIGRATIONS.slice(0, index));
  await insertChangedAthletes(sql);
  const { createChange } = createChanges(SEED);
  for (const athleteId of CHANGED_ATHLETES) {
    for (let each = 0; each < 20; each++) {
      await runTransaction(sql, { changes: [createChange(athleteId)] });
    }
  }

  await migrate(sql);

  await assertPacked(sql, `SEED=${SEED}`);
  assert.ok((await readPacked(sql, 1)).length > 0);
});

async function insertRun(
  sql: Parameters<Change>[0],
  { athleteId, id, sportType = "Run" }: {
    athleteId: number;
    id: number;
    sportType?: string;
  },
): Promise<void> {
  await sql`
    insert into activities (
      athlete_id, id, source, name, type, sport_type, start_date, start_date_local, utc_offset,
      distance, moving_time, elapsed_time, total_elevation_gain, average_speed, max_speed,
      kudos_count, visibility, trainer, commute, manual, content_hash, first_seen_at, fetched_at
    )
    values (
      ${athleteId}, ${id}, 'file', 'Run', 'Run', ${sportType}, '2025-05-05T08:00:00Z',
      '2025-05-05T08:00:00', 0, 1000, 300, 300, 10, 3, 4, 0, 'everyone', false, false, false, '',
      now(), now()
    )
  `;
}

/** Waits until a transaction of this database waits for another. */
async function waitForLock(sql: Pool): Promise<void> {
  for (;;) {
    const waiting = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'
    `;
    if (waiting.length > 0) return;
  }
}
