import assert from "node:assert/strict";
import { MAX_PRIVACY_ZONES } from "../../sdk/schemas.ts";
import { createTestApp } from "./app.ts";
import { json } from "./callers.ts";
import type { Contract } from "./contract.ts";
import { createFileAthlete } from "./files.ts";

const HOME = { name: "Home", latitude: 52.5, longitude: 13.4, radius: 300 };

/** States in which requests about privacy zones have their special responses. */
export const PRIVACY_STATES: Record<
  string,
  (contract: Contract) => Promise<void>
> = {
  async "privacy zones are set"(contract) {
    await using test = await createTestApp();
    await createFileAthlete(test);
    const ask = async (path: string, status: number, body?: object) => {
      const url = `/api/privacy${path}`;
      const response = body
        ? await test.post(url, { ...json(body), key: true })
        : await test.get(url, { key: true });
      assert.equal(response.status, status, url);
      await contract.check(body ? "POST" : "GET", url, response.clone());
      return await response.json();
    };
    await ask("", 200);
    await ask("/update", 200, { show_maps: true });
    const { zones: [{ id }] } = await ask("/zones/create", 200, HOME);
    await ask("/zones/update", 200, { id, radius: 500 });
    await ask("/zones/update", 404, { id: id + 1 });
    await ask("/zones/delete", 404, { id: id + 1 });
    for (let i = 1; i < MAX_PRIVACY_ZONES; i++) {
      await ask("/zones/create", 200, HOME);
    }
    await ask("/zones/create", 409, HOME);
    await ask("/zones/delete", 200, { id });
    await ask("/update", 400, { hidden_start: 5000 });
  },
};
