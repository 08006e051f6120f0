import assert from "node:assert/strict";
import { MAX_OWN_VALUES } from "../../sdk/schemas.ts";
import { createTestApp } from "./app.ts";
import type { Contract } from "./contract.ts";
import { createFileAthlete } from "./files.ts";

/** States in which requests about athlete values have their special responses. */
export const ATHLETE_VALUE_STATES: Record<
  string,
  (contract: Contract) => Promise<void>
> = {
  async "athlete values are set"(contract) {
    await using test = await createTestApp();
    const athleteId = await createFileAthlete(test);
    const ask = async (path: string, status: number, body?: object) => {
      const url = `/api/athlete-values${path}`;
      const response = body
        ? await test.post(url, {
          key: true,
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        })
        : await test.get(url, { key: true });
      assert.equal(response.status, status, url);
      await contract.check(body ? "POST" : "GET", url, response);
    };
    const ref = { kind: "weight", date: "2026-01-01" };
    await ask("", 200);
    await ask("/set", 200, { ...ref, value: 70 });
    await ask("/set", 200, { ...ref, kind: "power_zones", bounds: [1, 2.5] });
    await ask("", 200);
    await ask("?kind=height", 400);
    await ask("/valid", 200);
    await ask("/valid?date=2026-02-30", 400);
    await ask("/delete", 200, ref);
    await ask("/delete", 404, ref);
    await test.deps.sql`
      insert into athlete_values (athlete_id, kind, date, source, value, stored_at)
      select ${athleteId}, 'weight', date '1960-01-01' + day, 'owner', 70, now()
      from generate_series(1, ${MAX_OWN_VALUES}) as day
    `;
    await ask("/set", 409, { ...ref, value: 70 });
  },
};
