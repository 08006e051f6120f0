import assert from "node:assert/strict";
import { packStream, unpackStream } from "../../../db/streams/pack.ts";
import { createTestDatabase } from "../../support/database.ts";
import { createRandomNumbers } from "../../support/raw_days.ts";
import { SEED } from "../../support/seed.ts";

interface Stream {
  values: number[];
  unit: number;
}

/** Returns a stream: steady or noisy, with gaps or without, of any width. */
function createStream(random: () => number): Stream {
  const unit = [1, 10, 100, 1000, 1e6][Math.floor(random() * 5)]!;
  const swing = 10 ** (random() * 9);
  const gaps = random() < 0.5 ? random() : 0;
  const values = Array.from({ length: Math.floor(random() * 300) }, () => {
    const whole = Math.round((random() - 0.5) * swing);
    return random() < gaps ? NaN : whole / unit;
  });
  return { values, unit };
}

Deno.test(`packStream: gives back each value and gap, in SQL too (seed ${SEED})`, async () => {
  await using database = await createTestDatabase();
  const random = createRandomNumbers(SEED);
  const streams = Array.from({ length: 200 }, () => createStream(random));
  streams.push(
    { values: [-180, 180, -180], unit: 1e6 },
    { values: [NaN, NaN, 5, NaN], unit: 1 },
    { values: [127, 0, 128, -1], unit: 1 },
    { values: [32_767, 0, 32_768, -1], unit: 1 },
    { values: [7], unit: 1 },
  );

  for (const { values, unit } of streams) {
    const packed = packStream(values, unit);
    if (!packed) {
      assert.ok(values.every(Number.isNaN));
      continue;
    }
    const unpacked = [...unpackStream(packed, unit)];
    assert.deepEqual(unpacked, values.map((value) => value + 0));
    const [row] = await database.sql<{ text: string }[]>`
      select to_json(unpack_stream(${packed}))::text as text
    `;
    assert.deepEqual(
      JSON.parse(row!.text),
      values.map((value) =>
        Number.isNaN(value) ? null : Math.round(value * unit) + 0
      ),
    );
  }
});

Deno.test("packStream: takes the fewest bytes that hold all differences", () => {
  const sizes = [[100, 227, 100], [100, 228, 100], [0, 32_768, 0]].map((
    values,
  ) => packStream(values, 1)!.length - 5);

  assert.deepEqual(sizes, [3, 6, 12]);
});

Deno.test("packStream: rounds to the unit and keeps no error from value to value", () => {
  const values = Array.from({ length: 10_000 }, (_, i) => i * 0.0333);

  const unpacked = unpackStream(packStream(values, 10)!, 10);

  for (const [i, value] of unpacked.entries()) {
    assert.ok(Math.abs(value - values[i]!) <= 0.05 + 1e-9, `${i}: ${value}`);
  }
});

Deno.test("packStream: cuts an impossible jump, and later values are right again", () => {
  const values = [0, 1e12, 5, 6];

  assert.deepEqual([...unpackStream(packStream(values, 1)!, 1)], [
    0,
    2 ** 31 - 1,
    5,
    6,
  ]);
});

Deno.test("packStream: has nothing to store without a value", () => {
  assert.equal(packStream([], 1), null);
  assert.equal(packStream([NaN, NaN], 1), null);
});
