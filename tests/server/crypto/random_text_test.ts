import assert from "node:assert/strict";
import { createRandomText } from "../../../server/crypto/random_text.ts";

Deno.test("createRandomText: returns the number of bytes in base64url", () => {
  assert.match(createRandomText(32), /^[\w-]{43}$/);
  assert.match(createRandomText(16), /^[\w-]{22}$/);
  assert.notEqual(createRandomText(32), createRandomText(32));
});
