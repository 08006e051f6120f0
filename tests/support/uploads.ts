import assert from "node:assert/strict";
import type { TestApp } from "./app.ts";
import { until } from "./sync.ts";

/** An import as REST shows it. */
export interface ImportJson extends Record<string, unknown> {
  id: number;
  state: string;
  problem: string | null;
  refusals: { name: string; reason: string }[];
  next_cursor: string | null;
}

type Body = Uint8Array | string | ReadableStream<Uint8Array>;

/** Sends a file to the server. */
export async function sendUpload(
  test: Pick<TestApp, "app">,
  body: Body,
  { query = "", headers }: { query?: string; headers: HeadersInit },
): Promise<Response> {
  return await test.app(
    new Request(`http://localhost:5001/api/imports${query}`, {
      method: "POST",
      headers,
      body: body as BodyInit,
    }),
  );
}

/** Sends a file, and waits until its files are read. Returns the import. */
export async function upload(
  test: TestApp,
  body: Body,
  options: { query?: string; headers: HeadersInit },
): Promise<ImportJson> {
  const response = await sendUpload(test, body, options);
  assert.equal(response.status, 202, await response.clone().text());
  const { id } = await response.json();
  return await waitForImport(test, { id, headers: options.headers });
}

/** Waits until an import has ended. */
export async function waitForImport(
  test: TestApp,
  { id, headers }: { id: number; headers: HeadersInit },
): Promise<ImportJson> {
  let job: ImportJson | undefined;
  await until(async () => {
    job = await getImport(test, { id, headers });
    return job.ended_at !== null;
  }, `import ${id}`);
  return job!;
}

/** Returns an import. */
export async function getImport(
  test: Pick<TestApp, "app">,
  { id, headers, query = "" }: {
    id: number;
    headers: HeadersInit;
    query?: string;
  },
): Promise<ImportJson> {
  const url = `http://localhost:5001/api/imports/${id}${query}`;
  const response = await test.app(new Request(url, { headers }));
  assert.equal(response.status, 200, await response.clone().text());
  return await response.json();
}

/** Returns the numbers of an import that are not 0. */
export function counts(job: ImportJson): Record<string, number> {
  const names = [
    "files",
    "waiting",
    "ignored",
    "imported",
    "merged",
    "updated",
    "unchanged",
    "refused",
  ];
  return Object.fromEntries(
    names.map((name) => [name, Number(job[name])] as const)
      .filter(([, count]) => count !== 0),
  );
}
