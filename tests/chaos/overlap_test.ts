import assert from "node:assert/strict";
import { createOverlapDetector } from "./overlap.ts";

const ATHLETE_ID = 700001;

/** Requests pages in turn, each answered, except the last one, whose end is returned. */
function requestPages(
  detector: ReturnType<typeof createOverlapDetector>,
  { actor, pages }: { actor: number; pages: number[] },
): () => void {
  let end = (_isAnswered: boolean): void => {};
  for (const page of pages) {
    end(true);
    end = detector.addRequest({ actor, athleteId: ATHLETE_ID, page });
  }
  return () => end(true);
}

Deno.test("createOverlapDetector: reports a server that reads along", () => {
  const violations: string[] = [];
  const detector = createOverlapDetector(violations);
  const end = requestPages(detector, { actor: 1, pages: [1, 2] });
  requestPages(detector, { actor: 2, pages: [1] });
  end();
  assert.deepEqual(violations, [
    "Server 2 reads the list of athlete 700001 while server 1 does",
  ]);
});

Deno.test("createOverlapDetector: allows a run whose claim is older than the clock's jump", () => {
  const violations: string[] = [];
  const detector = createOverlapDetector(violations);
  // Server 1 claimed the lease, but its first request arrives only after the jump.
  detector.allowOverlap();
  const end = requestPages(detector, { actor: 1, pages: [1, 2] });
  requestPages(detector, { actor: 2, pages: [1] });
  end();
  assert.deepEqual(violations, []);
});

Deno.test("createOverlapDetector: reports a server that reads along after the jump", () => {
  const violations: string[] = [];
  const detector = createOverlapDetector(violations);
  detector.allowOverlap();
  const end = requestPages(detector, { actor: 1, pages: [1, 2, 3, 4] });
  requestPages(detector, { actor: 2, pages: [1, 2, 3, 4] });
  end();
  assert.equal(violations.length, 1);
});
