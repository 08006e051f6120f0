import { connect } from "../../db/driver/client.ts";
import { initCluster, makeData } from "../../embedded_postgres/cluster.ts";
import { installBinaries, prepareHome } from "../../embedded_postgres/files.ts";
import { runServer } from "../../embedded_postgres/server.ts";
import { migrate } from "../../db/migrate.ts";
import { ROOT } from "../../cli/root.ts";
import type { TestDatabase } from "./database.ts";

/** A migrated, empty database on a PostgreSQL for one test. */
export interface TestPostgres extends TestDatabase {
  /** Ends the server and every connection. */
  stop(): Promise<void>;
  /** Restarts it on the same port. */
  start(): Promise<void>;
}

/** Starts a separate server, which takes a second, for tests that stop it. */
export async function createTestPostgres(): Promise<TestPostgres> {
  const binaries = await installBinaries(`${ROOT}/.data/postgres`, () => {});
  const path = await Deno.makeTempDir({ prefix: "paceline-postgres-" });
  await Deno.chmod(path, 0o755); // the server may run as another user
  const { account } = await prepareHome(path);
  const cluster = {
    data: `${path}/data`,
    password: `${path}/password`,
    log: `${path}/log`,
  };
  await makeData(cluster.data, account);
  await initCluster(cluster, { binaries, account, ephemeral: true });
  // Durable: committed rows must survive the restart.
  const options = { binaries, account, ephemeral: false };
  let server = await runServer(cluster, options);
  const { port } = server;
  const password = await Deno.readTextFile(cluster.password);
  const url = `postgres://app:${password}@127.0.0.1:${port}/postgres`;
  const sql = connect(url, { max: 3 });
  await migrate(sql);
  return {
    url,
    sql,
    async stop() {
      await server.process.stop();
    },
    async start() {
      server = await runServer(cluster, { ...options, port });
    },
    async [Symbol.asyncDispose]() {
      await sql.end();
      await server.process.stop();
      await Deno.remove(path, { recursive: true });
    },
  };
}
