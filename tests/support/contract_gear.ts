import assert from "node:assert/strict";
import { createTestApp } from "./app.ts";
import type { Contract } from "./contract.ts";
import { createFileAthlete } from "./files.ts";

/** States in which requests about gear have their special responses. */
export const GEAR_STATES: Record<
  string,
  (contract: Contract) => Promise<void>
> = {
  async "gear is added"(contract) {
    await using test = await createTestApp();
    await createFileAthlete(test);
    const post = async (path: string, status: number, body: object) => {
      const response = await test.post(path, {
        key: true,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      assert.equal(response.status, status, path);
      const copy = response.clone();
      await contract.check("POST", path, response);
      return await copy.json();
    };
    const created = { kind: "shoes", name: "Blue", brand: "Brooks" };
    const { id } = await post("/api/gear/create", 200, created);
    await post("/api/gear/update", 200, { id, set: { retired: true } });
    await post("/api/gear/update", 404, { id: "g1", set: { retired: true } });
    const { deps: { sql } } = test;
    await sql`
      insert into gear (athlete_id, id, checked_at)
      select id, 'g' || number, 'epoch'
      from athletes, generate_series(1, 999) as number
    `;
    await post("/api/gear/create", 409, { ...created, name: "Red" });
    const list = await test.get("/api/gear", { key: true });
    assert.equal(list.status, 200);
    await contract.check("GET", "/api/gear", list);
  },
};
