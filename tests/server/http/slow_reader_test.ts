import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import {
  sendBytes,
  type SendLimits,
  sendStream,
} from "../../../server/http/slow_reader.ts";

interface TestLimits extends SendLimits {
  ends: number;
}

function createLimits(limits: Partial<SendLimits> = {}): TestLimits {
  return {
    ends: 0,
    sleep: async (milliseconds, signal) =>
      await wait(milliseconds, undefined, { signal }),
    onEnd() {
      this.ends++;
    },
    ...limits,
  };
}

function bind(limits: TestLimits): TestLimits {
  limits.onEnd = limits.onEnd.bind(limits);
  return limits;
}

/** Returns a stream that never ends, and whether it was cancelled. */
function createEndless(): {
  source: ReadableStream<Uint8Array>;
  isCancelled: () => boolean;
} {
  let cancelled = false;
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel() {
      cancelled = true;
    },
  });
  return { source, isCancelled: () => cancelled };
}

Deno.test("sendBytes: sends the bytes unchanged and ends once", async () => {
  const limits = bind(createLimits());
  const bytes = Uint8Array.from({ length: 200_001 }, (_, index) => index % 251);
  const sent = await new Response(sendBytes(bytes, limits)).bytes();
  assert.deepEqual(sent, bytes);
  assert.equal(limits.ends, 1);
});

Deno.test("sendBytes: cuts a response whose client stops reading", async () => {
  const limits = bind(createLimits({ stallMs: 20 }));
  const reader = sendBytes(new Uint8Array(1_000_000), limits).getReader();
  assert.equal((await reader.read()).value?.length, 65_536);
  await wait(100);
  assert.equal((await reader.read()).done, true);
  assert.equal(limits.ends, 1);
});

Deno.test("sendBytes: cuts a response that nobody begins to read", async () => {
  const limits = bind(createLimits({ stallMs: 20 }));
  sendBytes(new Uint8Array(1_000_000), limits);
  await wait(100);
  assert.equal(limits.ends, 1);
});

Deno.test("sendBytes: lets a slow client read to the end", async () => {
  const limits = bind(createLimits({ stallMs: 40 }));
  let length = 0;
  for await (const part of sendBytes(new Uint8Array(400_000), limits)) {
    length += part.length;
    await wait(15);
  }
  assert.equal(length, 400_000);
});

Deno.test("sendStream: cuts a stream after its longest duration", async () => {
  const limits = bind(createLimits({ maxMs: 30 }));
  const { source, isCancelled } = createEndless();
  for await (const _ of sendStream(source, limits)) await wait(1);
  assert.ok(isCancelled());
  assert.equal(limits.ends, 1);
});

Deno.test("sendStream: waits for a quiet source as long as it takes", async () => {
  const limits = bind(createLimits({ stallMs: 10 }));
  const source = new ReadableStream<Uint8Array>({
    async start(controller) {
      await wait(60);
      controller.enqueue(new Uint8Array(3));
      controller.close();
    },
  });
  const body = await new Response(sendStream(source, limits)).bytes();
  assert.equal(body.length, 3);
});

Deno.test("sendStream: cancels the source when the client disconnects", async () => {
  const limits = bind(createLimits());
  const { source, isCancelled } = createEndless();
  await sendStream(source, limits).cancel();
  assert.ok(isCancelled());
  assert.equal(limits.ends, 1);
});
