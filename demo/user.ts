import { connect } from "../db/driver/client.ts";
import { createPasswords } from "../server/crypto/password_hash.ts";
import { createUser } from "../server/accounts/users.ts";

/** The demo's user. The data is invented, and only this computer can reach the demo. */
export const DEMO_USER = {
  username: "demo",
  email: "demo@example.com",
  displayName: "Demo",
  role: "admin",
  password: "eight years of miles",
} as const;

/** Creates the demo's user, who takes over the connected athlete. */
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
