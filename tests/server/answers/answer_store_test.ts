import assert from "node:assert/strict";
import type { ServedAthlete } from "../../../db/served_athletes.ts";
import type { Answer } from "../../../server/answers/answer.ts";
import { createAnswerStore } from "../../../server/answers/answer_store.ts";

function createAnswer(bytes: number, ...ids: number[]): Answer {
  return {
    bytes,
    athletes: ids.map((id) => ({ id }) as ServedAthlete),
  } as unknown as Answer;
}

Deno.test("answer store: keeps an answer from the second request on", () => {
  const store = createAnswerStore({ maxBytes: 100_000 });
  const answer = createAnswer(1000, 1);

  store.offer("/a", answer);
  assert.equal(store.get("/a"), undefined);
  store.offer("/a", answer);
  assert.equal(store.get("/a"), answer);
  assert.equal(store.size, 1);
});

Deno.test("answer store: a stream of new URLs leaves the hot answers", () => {
  const store = createAnswerStore({ maxBytes: 100_000 });
  const hot = createAnswer(1000, 1);
  for (let n = 0; n < 40; n++) {
    for (let count = 0; count < 2; count++) store.offer(`/hot/${n}`, hot);
    assert.equal(store.get(`/hot/${n}`), hot);
  }

  for (let n = 0; n < 10_000; n++) {
    for (let count = 0; count < 2; count++) {
      store.offer(`/x/${n}`, createAnswer(1000, 2));
    }
    assert.ok(store.bytes <= 100_000);
  }

  for (let n = 0; n < 40; n++) assert.equal(store.get(`/hot/${n}`), hot);
});

Deno.test("answer store: drops the answers of one athlete only", () => {
  const store = createAnswerStore({ maxBytes: 100_000 });
  for (let count = 0; count < 2; count++) {
    store.offer("/one", createAnswer(1000, 1));
    store.offer("/two", createAnswer(1000, 2));
    store.offer("/both", createAnswer(1000, 1, 2));
  }
  store.get("/one");

  store.removeAthlete(1);

  assert.equal(store.get("/one"), undefined);
  assert.equal(store.get("/both"), undefined);
  assert.ok(store.get("/two"));
  store.removeAthlete(2);
  assert.deepEqual([store.size, store.bytes], [0, 0]);
});

Deno.test("answer store: keeps neither a huge answer nor one with a huge URL", () => {
  const store = createAnswerStore({ maxBytes: 100_000 });
  for (let count = 0; count < 3; count++) {
    store.offer("/huge", createAnswer(50_000, 1));
    store.offer(`/${"x".repeat(2000)}`, createAnswer(1000, 1));
  }
  assert.deepEqual([store.size, store.get("/huge")], [0, undefined]);
});

Deno.test("answer store: counts what an answer has grown by", () => {
  const store = createAnswerStore({ maxBytes: 100_000 });
  const answer = { ...createAnswer(1000, 1) };
  for (let count = 0; count < 2; count++) store.offer("/a", answer);
  const before = store.bytes;

  Object.assign(answer, { bytes: 3000 });
  store.grow("/a", answer);

  assert.equal(store.bytes - before, 2000);
  Object.assign(answer, { bytes: 50_000 });
  store.grow("/a", answer);
  assert.deepEqual([store.get("/a"), store.bytes], [undefined, 0]);
});
