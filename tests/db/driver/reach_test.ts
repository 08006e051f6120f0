import assert from "node:assert/strict";
import { connect } from "../../../db/driver/client.ts";
import { isDatabaseUnavailable } from "../../../db/driver/errors.ts";
import { reachDatabase } from "../../../db/driver/reach.ts";
import { createTestDatabase } from "../../support/database.ts";

Deno.test("reachDatabase: is content with an answer", async () => {
  await using database = await createTestDatabase();

  await reachDatabase(database.sql);
});

for (
  const [what, answer] of Object.entries({
    "closes them": (connection: Deno.Conn) => connection.close(),
    "says nothing": () => {},
  })
) {
  Deno.test(`reachDatabase: gives up on what takes connections and ${what}`, async () => {
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const taken: Deno.Conn[] = [];
    const taking = (async () => {
      for await (const connection of listener) {
        taken.push(connection);
        answer(connection);
      }
    })();
    const { port } = listener.addr;
    const sql = connect(`postgres://me:secret@127.0.0.1:${port}/x`, { max: 1 });

    const error = await reachDatabase(sql, { seconds: 0.3 }).catch((e) => e);
    await sql.end({ timeout: 0 });
    listener.close();
    await taking;
    if (what !== "closes them") taken.forEach((each) => each.close());

    assert.ok(isDatabaseUnavailable(error), Deno.inspect(error));
    assert.ok(taken.length > 0);
  });
}
