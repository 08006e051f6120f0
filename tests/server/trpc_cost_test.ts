import assert from "node:assert/strict";
import { AppError } from "../../server/errors.ts";
import {
  createOutputBudget,
  estimateBytes,
} from "../../server/http/batch_budget.ts";
import { listProcedures, sumCosts } from "../../server/trpc_route.ts";

function toRequest(path: string): Request {
  return new Request(`http://localhost:5001/trpc/${path}`);
}

Deno.test("sumCosts: adds the costs of a batch, however its path is written", () => {
  assert.equal(sumCosts(toRequest("stats.trainingLoad")), 10);
  for (const comma of [",", "%2C", "%2c"]) {
    const path = ["stats.trainingLoad", "stats.ytd", "no.such"].join(comma);
    assert.equal(sumCosts(toRequest(`${path}?batch=1`)), 12, path);
  }
});

Deno.test("listProcedures: finds no inherited name", () => {
  const found = listProcedures(toRequest("constructor,__proto__,stats.ytd"));
  assert.deepEqual(found.map((each) => each !== undefined), [
    false,
    false,
    true,
  ]);
});

Deno.test("createOutputBudget: refuses the output that exceeds the batch's size", () => {
  const count = createOutputBudget();
  const output = "x".repeat(1024 * 1024);
  for (let index = 0; index < 3; index++) count({ output });
  assert.throws(
    () => count({ output }),
    (error) => error instanceof AppError && error.reason === "batch_too_large",
  );
});

Deno.test("estimateBytes: comes close to the length as JSON", () => {
  const day = {
    date: "2026-01-31",
    load: 71.25,
    at: new Date(0),
    source: null,
    tags: ["a", "b"],
  };
  const output = { data: Array.from({ length: 500 }, () => day) };
  const ratio = estimateBytes(output) / JSON.stringify(output).length;
  assert.ok(ratio > 0.8 && ratio < 1.25, String(ratio));
});
