import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Pool } from "../../../db/driver/client.ts";
import { readCopy } from "../../../db/driver/copy.ts";
import { createTestDatabase } from "../../support/database.ts";

const ROWS = 400;
const ROW_BYTES = 20_000;

/** Runs `use` with a connection that is given up if it no longer answers. */
async function withConnection(
  use: (sql: Pool) => Promise<void>,
): Promise<void> {
  await using database = await createTestDatabase();
  const sql = connect(database.url, { max: 1 });
  try {
    await use(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Fails if the connection does not answer. */
async function answer(query: PromiseLike<unknown>): Promise<void> {
  const controller = new AbortController();
  const late = sleep(10_000, "late", { signal: controller.signal })
    .catch(() => "answered");
  const outcome = await Promise.race([query.then(() => "answered"), late]);
  controller.abort();
  assert.equal(outcome, "answered", "The connection does not answer");
}

const COPY = `copy (
  select repeat('x', ${ROW_BYTES}) from generate_series(1, ${ROWS})
) to stdout`;

for (const pauseEvery of [1, 7, 1000]) {
  Deno.test(`readCopy: keeps the connection with pauses every ${pauseEvery} chunks`, async () => {
    await withConnection(async (sql) => {
      await sql.begin(async (tx) => {
        for (let round = 0; round < 3; round++) {
          let bytes = 0;
          let chunks = 0;
          for await (const chunk of readCopy(tx.unsafe(COPY))) {
            bytes += chunk.length;
            if (++chunks % pauseEvery === 0) await sleep(1);
          }
          assert.equal(bytes, ROWS * (ROW_BYTES + 1));
          await answer(tx`select 1`);
        }
      });
    });
  });
}

Deno.test("readCopy: ends the statement of a reader that stops early", async () => {
  await withConnection(async (sql) => {
    const reading = sql.begin(async (tx) => {
      for await (
        const _ of readCopy(tx.unsafe(COPY.replace(`${ROWS}`, "1000000")))
      ) {
        throw new Error("The disk is full");
      }
    });

    await answer(reading.catch((error) => {
      assert.match(String(error), /The disk is full/);
    }));

    await answer(sql`select 1`);
  });
});
