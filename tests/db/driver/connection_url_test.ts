import assert from "node:assert/strict";
import { connect } from "../../../db/driver/client.ts";
import {
  ConnectionUrlError,
  parseConnectionUrl,
} from "../../../db/driver/connection_url.ts";
import { describeDatabaseFailure } from "../../../cli/start_failure.ts";
import { createTestDatabase } from "../../support/database.ts";

/** Addresses of a URL, with the user, the password and the database. */
const FORMS: readonly [url: string, expected: string][] = [
  ["postgres://me:pw@db.test:6000/app", "db.test:6000 me pw app"],
  ["postgresql://me:pw@db.test/app", "db.test:5432 me pw app"],
  ["postgres://me:p%40s%2Fs@db.test/app", "db.test:5432 me p@s/s app"],
  ["postgres://me:p@s@db.test/app", "db.test:5432 me p@s app"],
  ["postgres://me:a:b@db.test/app", "db.test:5432 me a:b app"],
  ["postgres://me@[::1]:6000/app", "[::1]:6000 me  app"],
  ["postgres://a.test:1,b.test:2/app", "a.test:1,b.test:2   app"],
  ["postgres:///app", "localhost:5432   app"],
  ["postgres://db.test", "db.test:5432   "],
  [
    "postgres://db.test/?user=me&password=pw&dbname=app",
    "db.test:5432 me pw app",
  ],
  ["postgres:///app?host=/run/pg", "/run/pg/.s.PGSQL.5432   app"],
  [
    "postgres://me:pw@/app?host=/run/pg&port=6000",
    "/run/pg/.s.PGSQL.6000 me pw app",
  ],
  ["postgres://me@%2Frun%2Fpg/app", "/run/pg/.s.PGSQL.5432 me  app"],
  ["postgres://me@%2Frun%2Fpg:6000/app", "/run/pg/.s.PGSQL.6000 me  app"],
];

Deno.test("parseConnectionUrl: reads every form of host, user and database", () => {
  for (const [url, expected] of FORMS) {
    const { address, options } = parseConnectionUrl(url);
    const { user = "", password = "", database = "" } = options;
    assert.equal(`${address} ${user} ${password} ${database}`, expected, url);
  }
});

Deno.test("parseConnectionUrl: refuses what it cannot use, without the password", () => {
  for (
    const [url, expected] of [
      ["mysql://me:secret@db/app", /must be a URL such as postgres/],
      ["db.test:5432", /must be a URL such as postgres/],
      ["postgres://me:se%cret@db/app", /write %25/],
      ["postgres://me:secret@db:70000/app", /port from 1 to 65535/],
      ["postgres://db/app?sslmode=secure", /sslmode of disable, allow/],
      ["postgres://db/app?sslcert=a.pem", /"sslcert".*not supported/],
      ["postgres://db/app?sslrootcert=a.pem", /DENO_CERT/],
    ] as const
  ) {
    assert.throws(() => parseConnectionUrl(url), (error) => {
      assert.ok(error instanceof ConnectionUrlError);
      assert.match(error.message, expected);
      assert.doesNotMatch(error.message, /secret|se%cret/);
      return true;
    });
  }
});

Deno.test("parseConnectionUrl: maps every sslmode to one of the driver", () => {
  for (
    const [query, expected] of [
      ["", undefined],
      ["sslmode=disable", false],
      ["ssl=false", false],
      ["sslmode=allow", "prefer"],
      ["sslmode=prefer", "prefer"],
      ["sslmode=require", "require"],
      ["sslmode=no-verify", "require"],
      ["ssl=true", "require"],
      ["sslmode=verify-ca", "verify-full"],
      ["sslmode=verify-full", "verify-full"],
      ["sslmode=require&sslrootcert=system", "verify-full"],
    ] as const
  ) {
    const { options } = parseConnectionUrl(`postgres://db/app?${query}`);
    assert.equal(options.ssl, expected, query);
  }
});

/** Queries as providers and other clients give them. */
const QUERIES = [
  "pgbouncer=true",
  "schema=public",
  "channel_binding=require",
  "connection_limit=5&pgbouncer=true&pool_timeout=0&socket_timeout=9",
  "sslmode=disable",
  "sslmode=prefer&channel_binding=prefer",
  "supa=base-pooler.x&workaround=supabase-pooler.vercel",
  "statement_cache_size=0&prepareThreshold=0&uselibpqcompat=true",
  "application_name=x&connect_timeout=10&gssencmode=disable",
  "options=-c%20search_path%3Dpublic",
  "target_session_attrs=read-write&keepalives=1&client_encoding=LATIN1",
];

async function query(url: string): Promise<unknown> {
  const sql = connect(url, { max: 1 });
  try {
    const [row] = await sql`select 'Łódź 東京' as text`;
    return row!["text"];
  } catch (error) {
    const addresses = {
      databaseUrl: url,
      databaseDirectUrl: url,
      databaseOwnerUrl: url,
    };
    return describeDatabaseFailure(error, addresses) ?? error;
  } finally {
    await sql.end();
  }
}

Deno.test("connect: accepts the parameters of providers and other clients", async () => {
  await using database = await createTestDatabase();
  for (const each of QUERIES) {
    assert.equal(await query(`${database.url}?${each}`), "Łódź 東京", each);
  }
});

Deno.test("connect: names the parameter of a URL that PostgreSQL does not know", async () => {
  await using database = await createTestDatabase();
  for (const name of ["conection_limit", "sslmodee", "aplication_name"]) {
    const { host } = new URL(database.url);
    assert.equal(
      await query(`${database.url}?${name}=1`),
      `PostgreSQL at ${host} refuses the connection: unrecognized configuration parameter "${name}". ` +
        "Take that parameter out of DATABASE_URL",
    );
  }
});

Deno.test("connect: says what to do if the server has no TLS", async () => {
  await using database = await createTestDatabase();
  for (const mode of ["require", "verify-full"]) {
    const answer = await query(`${database.url}?sslmode=${mode}`);
    assert.match(
      String(answer),
      /^Cannot open an encrypted connection to PostgreSQL at .* Check `sslmode`/,
    );
  }
});
