import { connect } from "../db/driver/client.ts";
import { createPasswords } from "../server/crypto/password.ts";
import { createUser } from "../server/accounts/users.ts";

/** Who logs in to the demo. Nothing there is anybody's, and only this computer reaches it. */
export const DEMO_USER = {
  username: "demo",
  email: "demo@example.com",
  displayName: "Demo",
  role: "admin",
  password: "eight years of miles",
} as const;

/** Makes the demo's user, to whom the athlete that is connected already goes. */
export async function createDemoUser(databaseUrl: string): Promise<void> {
  const sql = connect(databaseUrl, { max: 1 });
  try {
    const ctx = {
      sql,
      passwords: createPasswords(),
      now: Date.now,
      address: undefined,
      agent: "deno task demo",
    };
    await createUser(ctx, DEMO_USER, "user_created");
  } finally {
    await sql.end();
  }
}
