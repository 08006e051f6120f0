import assert from "node:assert/strict";
import { migrate, MigrationError } from "../../db/migrate.ts";
import { connect } from "../../db/driver/client.ts";
import {
  describeDatabaseFailure,
  describeLocalFailure,
} from "../../cli/start_failure.ts";
import { OwnerError } from "../../db/prepare.ts";
import { createTestDatabase } from "../support/database.ts";
import { takeFreePort } from "../support/port.ts";

/** Settings with one address for everything. */
function toAddresses(
  databaseUrl: string,
): Parameters<typeof describeDatabaseFailure>[1] {
  return {
    databaseUrl,
    databaseDirectUrl: databaseUrl,
    databaseOwnerUrl: databaseUrl,
  };
}

/** Returns the error of the first query to this address. */
async function failToQuery(url: string): Promise<unknown> {
  const sql = connect(url, { max: 1 });
  try {
    await sql`select 1`;
  } catch (error) {
    return error;
  } finally {
    await sql.end();
  }
  assert.fail("It answered");
}

Deno.test("describeDatabaseFailure: names the unreachable server without the password", async () => {
  const port = takeFreePort();
  const url = `postgres://me:hunter2@127.0.0.1:${port}/paceline`;

  const error = await failToQuery(url);

  assert.equal(
    describeDatabaseFailure(error, toAddresses(url)),
    `Cannot reach PostgreSQL at 127.0.0.1:${port} (ECONNREFUSED): ` +
      "check that it runs and accepts connections from here, and that DATABASE_URL is right",
  );
});

Deno.test("describeDatabaseFailure: quotes the reason that PostgreSQL gives", async () => {
  await using database = await createTestDatabase();
  const unknown = new URL(database.url);
  unknown.username = "unknown";
  unknown.password = "hunter2";
  const elsewhere = new URL(database.url);
  elsewhere.pathname = "/nowhere";

  const user = describeDatabaseFailure(
    await failToQuery(unknown.href),
    toAddresses(unknown.href),
  );
  const name = describeDatabaseFailure(
    await failToQuery(elsewhere.href),
    toAddresses(elsewhere.href),
  );

  const end = "Check user, password and database in DATABASE_URL";
  const start = `PostgreSQL at ${unknown.host} refuses the connection: `;
  assert.equal(
    user,
    `${start}password authentication failed for user "unknown". ${end}`,
  );
  assert.equal(name, `${start}database "nowhere" does not exist. ${end}`);
});

Deno.test("describeDatabaseFailure: names the variable that a failure belongs to", async () => {
  await using database = await createTestDatabase();
  const wrong = new URL(database.url);
  wrong.username = "unknown";
  const error = await failToQuery(wrong.href);
  const addresses = toAddresses(database.url);
  const owned = { ...addresses, databaseOwnerUrl: wrong.href };
  const direct = { ...owned, databaseDirectUrl: wrong.href };
  const ofOwner = new OwnerError("Cannot prepare", { cause: error });
  const describe = (...args: Parameters<typeof describeDatabaseFailure>) =>
    /in (DATABASE_\w*)$/.exec(describeDatabaseFailure(...args) ?? "")?.[1];

  assert.equal(describe(error, owned), "DATABASE_URL");
  assert.equal(describe(ofOwner, addresses), "DATABASE_URL");
  assert.equal(describe(ofOwner, owned), "DATABASE_OWNER_URL");
  assert.equal(describe(ofOwner, direct), "DATABASE_DIRECT_URL");
  assert.equal(describe(error, owned, { isOwner: true }), "DATABASE_OWNER_URL");
});

Deno.test("describeDatabaseFailure: returns the sentence of a failed migration", () => {
  const sentence = "Cannot use PostgreSQL 16.13: Paceline needs 17 or newer";

  const description = describeDatabaseFailure(
    new MigrationError(sentence),
    toAddresses("postgres://app@db/paceline"),
  );

  assert.equal(description, sentence);
});

Deno.test("describeDatabaseFailure: does not describe a mistake in a query", async () => {
  await using database = await createTestDatabase();

  const error = await database.sql`select no_column`.catch((error) => error);

  assert.equal(
    describeDatabaseFailure(error, toAddresses(database.url)),
    undefined,
  );
});

Deno.test("describeLocalFailure: describes a read-only folder and a full disk", () => {
  const denied = Object.assign(
    new Deno.errors.PermissionDenied("Permission denied: mkdir"),
    { code: "EACCES" },
  );
  const readOnly = Object.assign(new Error("Read-only file system: mkdir"), {
    code: "EROFS",
  });
  const wrapped = new Error("Could not use it", { cause: denied });
  const full = new Error(
    "Could not make a cluster:\nrunning\nFATAL: No space left on device\nexited",
  );
  const describe = (error: Error): string =>
    describeLocalFailure(error, "/clone/.data");

  const sentence = 'Cannot use "/clone/.data": Permission denied: mkdir. ' +
    "Run Paceline as the user who owns that folder, or from a clone of your own";
  assert.equal(describe(denied), sentence);
  assert.equal(describe(wrapped), sentence);
  assert.match(describe(readOnly), /^Cannot use .* Read-only file system: m/);
  assert.equal(
    describe(full),
    'The disk that holds "/clone/.data" is full: FATAL: No space left on device',
  );
});

Deno.test("describeLocalFailure: shows a stack only for unexpected errors", () => {
  assert.equal(describeLocalFailure(new Error("Could not"), "/x"), "Could not");
  assert.match(describeLocalFailure(new TypeError("x is"), "/x"), /\n +at /);
});

for (const encoding of ["LATIN1", "SQL_ASCII"]) {
  Deno.test(`migrate: refuses a database with the encoding ${encoding}`, async () => {
    await assert.rejects(
      createTestDatabase({ as: `encoding '${encoding}' locale 'C'` }),
      (error) => {
        const sentence = describeDatabaseFailure(
          error,
          toAddresses("postgres://db/app"),
        );
        assert.match(
          sentence ?? "",
          new RegExp(
            `with the encoding ${encoding}: Paceline needs UTF8. Create one`,
          ),
        );
        return true;
      },
    );
  });
}

Deno.test("describeDatabaseFailure: says what to do without the right to create", async () => {
  await using database = await createTestDatabase({ as: "" });
  const { sql } = database;
  const role = `reader_${crypto.randomUUID().slice(0, 8)}`;
  await sql.unsafe(`create role ${role} login password 'x'`);
  await sql`drop schema public cascade`;
  await sql`create schema public`;
  await sql.unsafe(`grant usage on schema public to ${role}`);
  const url = new URL(database.url);
  url.username = role;
  url.password = "x";

  const stranger = connect(url.href, { max: 1 });
  const error = await migrate(stranger).catch((error) => error);
  await stranger.end();
  const missing = connect(`${database.url}?schema=nowhere`, { max: 1 });
  const noSchema = await migrate(missing).catch((error) => error);
  await missing.end();
  await sql`alter database ${
    sql(url.pathname.slice(1))
  } set default_transaction_read_only = on`;
  const replica = connect(database.url, { max: 1 });
  const readOnly = await migrate(replica).catch((error) => error);
  await replica.end();

  const describe = (error: unknown): string =>
    describeDatabaseFailure(error, toAddresses(database.url)) ?? "";
  assert.match(describe(error), /permission denied.*owner of the database/);
  assert.match(describe(readOnly), /not to a read-only replica/);
  assert.match(describe(noSchema), /Create the schema/);
  await sql.unsafe(
    `set default_transaction_read_only = off; drop owned by ${role}; drop role ${role}`,
  );
});
