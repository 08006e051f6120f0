import assert from "node:assert/strict";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { AppError, REASONS, toFailure } from "../../server/errors.ts";
import { toProblem } from "../../server/http/problem.ts";

const SECRET = "postgres://app:hunter2@db/paceline";

Deno.test("AppError: gives every reason a status and a sentence", () => {
  for (const reason of REASONS) {
    const { status, detail, title, reason: told } = toFailure(
      new AppError(reason),
    );
    assert.equal(told, reason);
    assert.match(reason, /^[a-z]+(_[a-z]+)*$/);
    assert.ok(status >= 400 && status <= 599, reason);
    assert.equal(detail, title);
    assert.match(detail, /^[A-Z].*[^.]$/, "Capital first, no full stop");
  }
});

Deno.test("AppError: replaces the sentence by detail or issues and hides the cause", () => {
  const issues = [{ path: "year", message: "is odd" }];
  const cause = new Error(SECRET);
  const error = new AppError("invalid_input", {
    detail: "The year is odd",
    issues,
    cause,
  });

  const problem = toProblem(toFailure(error), "id-1");

  assert.deepEqual(problem, {
    type: "urn:paceline:error:invalid_input",
    title: "The request does not match what this route accepts",
    status: 400,
    detail: "The year is odd",
    reason: "invalid_input",
    request_id: "id-1",
    issues,
  });
});

Deno.test("toFailure: turns unexpected errors into an opaque 500", () => {
  for (
    const thrown of [
      new Error(SECRET),
      new TypeError(SECRET),
      new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: SECRET }),
      new TRPCError({ code: "CONFLICT", message: SECRET }),
      new TRPCError({
        code: "INTERNAL_SERVER_ERROR",
        cause: z.number().safeParse(SECRET).error,
      }),
      new AggregateError([new Error(SECRET)], SECRET),
      Object.assign(new Error(SECRET), { code: "42P01" }),
      z.number().safeParse("5").error,
      new SyntaxError(SECRET),
      SECRET,
      undefined,
      null,
      { reason: "not_found", status: 200 },
    ]
  ) {
    const failure = toFailure(thrown);
    assert.equal(failure.status, 500);
    assert.equal(failure.reason, "internal_error");
    assert.ok(!JSON.stringify(failure).includes("hunter2"));
  }
});

Deno.test("toFailure: replaces tRPC's messages by our reasons", () => {
  for (
    const [code, reason, status] of [
      ["BAD_REQUEST", "invalid_input", 400],
      ["PARSE_ERROR", "invalid_json", 400],
      ["NOT_FOUND", "not_found", 404],
      ["METHOD_NOT_SUPPORTED", "method_not_allowed", 405],
      ["PAYLOAD_TOO_LARGE", "body_too_large", 413],
      ["UNSUPPORTED_MEDIA_TYPE", "unsupported_media_type", 415],
    ] as const
  ) {
    const failure = toFailure(new TRPCError({ code, message: SECRET }));
    assert.deepEqual([failure.reason, failure.status], [reason, status]);
    assert.ok(!JSON.stringify(failure).includes("hunter2"));
  }
  const malformed = new TRPCError({
    code: "BAD_REQUEST",
    message: SECRET,
    cause: new SyntaxError(SECRET),
  });
  assert.equal(toFailure(malformed).reason, "invalid_json");
});

Deno.test("toFailure: unwraps an AppError inside a TRPCError", () => {
  const failure = toFailure(
    new TRPCError({
      code: "INTERNAL_SERVER_ERROR",
      cause: new AppError("not_synced"),
    }),
  );
  assert.equal(failure.reason, "not_synced");
});

Deno.test("toFailure: lists schema issues with paths and each unknown key", () => {
  const schema = z.strictObject({ year: z.number(), at: z.array(z.number()) });
  const { error: cause } = schema.safeParse({
    year: "x",
    at: [1, "2"],
    one: 1,
    constructor: 2,
  });

  const failure = toFailure(new TRPCError({ code: "BAD_REQUEST", cause }));

  assert.equal(failure.status, 400);
  assert.deepEqual(failure.issues?.map(({ path }) => path), [
    "year",
    "at.1",
    "one",
    "constructor",
  ]);
  for (const { path } of failure.issues ?? []) {
    assert.ok(failure.detail.includes(`"${path}"`));
  }
});

Deno.test("toFailure: answers 503 for an unreachable database, however wrapped", () => {
  const refused = Object.assign(new Error(SECRET), { code: "ECONNREFUSED" });
  for (
    const error of [
      refused,
      new AggregateError([new Error("other"), refused]),
      Object.assign(new Error(SECRET), { code: "57P01" }),
      new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: refused }),
    ]
  ) {
    const failure = toFailure(error);
    assert.equal(failure.status, 503);
    assert.equal(failure.reason, "database_unavailable");
    assert.ok(!JSON.stringify(failure).includes("hunter2"));
  }
});

Deno.test("toFailure: lists ten issues, cuts long names and counts the rest", () => {
  const schema = z.strictObject({ year: z.number() });
  const entries = Array.from(
    { length: 32_000 },
    (_, i) => [`${i}${"\u{1f6b4}".repeat(100)}`, i],
  );
  const { error: cause } = schema.safeParse(Object.fromEntries(entries));

  const failure = toFailure(new TRPCError({ code: "BAD_REQUEST", cause }));

  assert.equal(failure.issues?.length, 10);
  assert.equal(failure.issues[0]?.path, "year");
  for (const { path } of failure.issues) {
    assert.ok(path.length <= 64 && path.isWellFormed(), path);
  }
  assert.match(failure.detail, /; and 31991 more$/);
  assert.ok(JSON.stringify(failure).length < 5000);
});
