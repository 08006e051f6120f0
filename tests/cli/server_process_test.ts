import assert from "node:assert/strict";
import { listHosts, spawnServer } from "../../cli/server_process.ts";
import { spawnGuarded } from "../../embedded_postgres/guard.ts";
import { createTestDatabase } from "../support/database.ts";
import { until } from "../support/sync.ts";

const SECRET = "0123456789abcdefghijklmnopqrstuvwxyz";
const SETTINGS = {
  STRAVA_CLIENT_ID: "1",
  STRAVA_CLIENT_SECRET: "0123456789abcdef0123456789abcdef01234567",
  INTERNAL_API_KEY: `a${SECRET}`,
  STATE_SECRET: `b${SECRET}`,
  ENCRYPTION_KEY: `c${SECRET}`,
  DATABASE_URL: "postgres://user:password@db.example.com/paceline",
  STRAVA_API_URL: "https://www.strava.com/api/v3",
  STRAVA_OAUTH_URL: "https://www.strava.com/oauth",
  HOST: "127.0.0.1",
  PORT: "5001",
};

const CASES: [string, Record<string, string>, string[]][] = [
  ["the defaults", {}, [
    "127.0.0.1:5001",
    "db.example.com:5432",
    "www.strava.com:443",
  ]],
  ["other addresses", {
    HOST: "::",
    DATABASE_URL: "postgres://user:password@[::1]:6543/paceline",
    STRAVA_API_URL: "http://127.0.0.1:9000/api/v3",
    STRAVA_OAUTH_URL: "http://127.0.0.1/oauth",
  }, ["[::]:5001", "[::1]:6543", "127.0.0.1:9000", "127.0.0.1:80"]],
  ["any port", { PORT: "0" }, [
    "127.0.0.1",
    "db.example.com:5432",
    "www.strava.com:443",
  ]],
];

for (const [name, settings, hosts] of CASES) {
  Deno.test(`listHosts: names what the server needs with ${name}`, () => {
    assert.deepEqual(listHosts({ ...SETTINGS, ...settings }), hosts);
  });
}

Deno.test("listHosts: Deno refuses every host that it does not name", async () => {
  const hosts = listHosts({
    ...SETTINGS,
    STRAVA_API_URL: "http://127.0.0.1:9/api",
    STRAVA_OAUTH_URL: "http://[::1]:9/oauth",
  });
  const script = `
    const ask = async (host) =>
      (await Deno.permissions.query({ name: "net", host })).state;
    const hosts = ["127.0.0.1:9", "[::1]:9", "127.0.0.1:10", "example.com:443"];
    console.log((await Promise.all(hosts.map(ask))).join(" "));
  `;
  const file = await Deno.makeTempFile({ suffix: ".js" });
  await Deno.writeTextFile(file, script);

  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", `--allow-net=${hosts.join(",")}`, file],
  }).output();
  await Deno.remove(file);

  assert.equal(
    new TextDecoder().decode(stdout).trim(),
    "granted granted prompt prompt",
  );
});

/** Forwards a Unix socket to a TCP port. Tests themselves may not listen on sockets. */
const FORWARD = `
  const [path, port] = Deno.args;
  for await (const client of Deno.listen({ transport: "unix", path })) {
    const server = await Deno.connect({ port: Number(port) });
    client.readable.pipeTo(server.writable).catch(() => {});
    server.readable.pipeTo(client.writable).catch(() => {});
  }
`;

Deno.test("spawnServer: reaches the database through a Unix socket", async () => {
  await using database = await createTestDatabase();
  const { username, password, pathname, port } = new URL(database.url);
  const dir = await Deno.makeTempDir();
  const socket = `${dir}/.s.PGSQL.6000`;
  await Deno.writeTextFile(`${dir}/forward.ts`, FORWARD);
  const forwarder = spawnGuarded(Deno.execPath(), {
    args: ["run", "-A", `${dir}/forward.ts`, socket, port],
    cwd: dir,
    output: { file: `${dir}/forward.log` },
  });
  try {
    await until(
      () => Deno.lstat(socket).then(() => true, () => false),
      "the socket",
    );
    const user = `${username}:${password}`;
    for (
      const url of [
        `postgres://${user}@${encodeURIComponent(dir)}:6000${pathname}`,
        `postgres://${user}@${pathname}?host=${dir}&port=6000`,
      ]
    ) {
      const { status } = spawnServer(["user", "list"], {
        env: { ...SETTINGS, DATABASE_URL: url },
        output: { file: `${dir}/server.log` },
      });
      const output = await status.then(() =>
        Deno.readTextFile(`${dir}/server.log`)
      );
      assert.equal((await status).code, 0, output);
    }
  } finally {
    await forwarder.stop();
    await Deno.remove(dir, { recursive: true });
  }
});
