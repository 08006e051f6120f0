import assert from "node:assert/strict";
import { AppError } from "../../../server/errors.ts";
import { createRequestLog } from "../../../server/http/request_log.ts";
import { createTestLog } from "../../support/log.ts";

Deno.test("request log: takes the level of the most severe failure of a batch", () => {
  for (const isLast of [false, true]) {
    const log = createTestLog();
    const line = createRequestLog(log.logger, {
      requestId: "id-1",
      logRequest() {},
      onOutage() {},
    });
    const failures = [new AppError("strava_unavailable"), new Error("Broken")];
    if (!isLast) failures.reverse();

    for (const failure of failures) line.fail(failure);
    line.end({ method: "GET", path: "/trpc", status: 207 });

    assert.deepEqual(
      log.lines.map(({ level, properties }) => [level, properties["reason"]]),
      [["error", "internal_error"]],
    );
  }
});
