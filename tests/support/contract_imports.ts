import assert from "node:assert/strict";
import { API_KEY, createTestApp, type TestApp } from "./app.ts";
import { insertCaller, insertKey } from "./callers.ts";
import type { Contract } from "./contract.ts";
import { createGpx } from "./files.ts";

/** The operations on imports. */
const OPERATIONS = [
  ["GET", "/api/imports"],
  ["GET", "/api/imports/1"],
  ["POST", "/api/imports"],
] as const;

interface Sent {
  headers?: HeadersInit;
  query?: string;
  body?: BodyInit;
}

/** Sends a request and checks the response against the document. */
async function expectOne(
  { test, contract }: { test: TestApp; contract: Contract },
  [method, path]: readonly [method: string, path: string],
  status: number,
  { headers = { "x-api-key": API_KEY }, query = "", body }: Sent = {},
): Promise<void> {
  const url = `http://localhost:5001${path}${query}`;
  const response = await test.app(
    new Request(url, {
      method,
      headers,
      ...(method === "POST"
        ? { body: body ?? createGpx("2024-05-04T08:00:00Z") }
        : {}),
    }),
  );
  const { status: actual } = response;
  const text = await response.clone().text();
  assert.equal(actual, status, `${method} ${url}: ${text}`);
  await contract.check(method, path + query, response);
}

async function expectAll(
  at: { test: TestApp; contract: Contract },
  status: number,
  sent?: Sent,
): Promise<void> {
  for (const operation of OPERATIONS) {
    await expectOne(at, operation, status, sent);
  }
}

/** States in which requests about imports have every response of the document. */
export const IMPORT_STATES: Record<
  string,
  (contract: Contract) => Promise<void>
> = {
  async "files are uploaded"(contract) {
    await using test = await createTestApp();
    const at = { test, contract };
    await expectAll(at, 404);
    const user = await insertCaller(test, "ada");
    const [list, one, upload] = OPERATIONS;
    await expectOne(at, upload, 202, { headers: user.headers });
    await expectOne(at, list, 200, { headers: user.headers });
    await expectOne(at, one, 200, { headers: user.headers });
    const nine = ["GET", "/api/imports/9"] as const;
    await expectOne(at, nine, 404, { headers: user.headers });
    await expectAll(at, 404, { headers: user.headers, query: "?athlete=1" });
    await expectAll(at, 400, { headers: user.headers, query: "?nmae=x" });
    const wrong = await insertKey(test, { user, scopes: ["export:read"] });
    await expectAll(at, 403, { headers: wrong.headers });
    await expectAll(at, 401, { headers: {} });
    await expectAll(at, 401, { headers: { "x-api-key": "wrong" } });
    await expectAll(at, 400, {
      headers: { "x-api-key": API_KEY, authorization: `Bearer ${API_KEY}` },
    });
    await expectAll(at, 401, {
      headers: {
        cookie: "paceline_refresh=x",
        "sec-fetch-site": "same-origin",
      },
    });
    await expectOne(at, upload, 403, {
      headers: { origin: "https://evil.test" },
    });
    await test.idle();
    await test.deps.sql`
      update imports
      set state = 'receiving', ended_at = null, receiving_until = '2999-01-01'
    `;
    await expectOne(at, upload, 409, { headers: user.headers });
  },

  async "an upload is too large"(contract) {
    await using test = await createTestApp({ env: { IMPORT_MAX_GB: "0.001" } });
    const { headers } = await insertCaller(test, "ada");
    await expectOne({ test, contract }, OPERATIONS[2], 413, {
      headers,
      body: new Uint8Array(1_100_000),
    });
  },

  async "imports are broken here"(contract) {
    await using test = await createTestApp();
    await test.deps.sql`alter table athletes rename to gone`;
    await expectAll({ test, contract }, 500);
  },

  async "the database of imports is away"(contract) {
    await using test = await createTestApp();
    await test.deps.sql.end();
    await expectAll({ test, contract }, 503);
  },
};
