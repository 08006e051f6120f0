import { takeFreePort } from "../../support/port.ts";

/** The path of Debian's PgBouncer, or of another one. */
export const PGBOUNCER = Deno.env.get("PGBOUNCER") ?? "/usr/sbin/pgbouncer";

/** Whether this machine has PgBouncer. */
export const hasPgBouncer = await Deno.stat(PGBOUNCER).then(
  () => true,
  () => false,
);

/** The part of a test's name that says why it is skipped. */
export const PGBOUNCER_HINT = hasPgBouncer
  ? ""
  : ` (no PgBouncer at ${PGBOUNCER}; on Debian: apt-get install pgbouncer)`;

/** A PgBouncer in front of the server of a database URL. */
export interface PgBouncer extends AsyncDisposable {
  /** The URL of the same database through PgBouncer. */
  url: string;
}

/**
 * Starts PgBouncer in transaction mode. Everything else has its default, except for a pool of two
 * connections, so that clients share them, and the settings given.
 */
export async function startPgBouncer(
  databaseUrl: string,
  settings: Record<string, string> = {},
): Promise<PgBouncer> {
  const { hostname, port, username, password } = new URL(databaseUrl);
  const url = new URL(databaseUrl);
  url.port = String(takeFreePort());
  url.hostname = "127.0.0.1";
  const folder = await Deno.makeTempDir({ prefix: "paceline-pgbouncer-" });
  await Deno.chmod(folder, 0o755);
  const lines = Object.entries({
    listen_addr: "127.0.0.1",
    listen_port: url.port,
    unix_socket_dir: "",
    auth_type: "any",
    pool_mode: "transaction",
    default_pool_size: "2",
    ...settings,
  }).map(([name, value]) => `${name} = ${value}`);
  await Deno.writeTextFile(
    `${folder}/pgbouncer.ini`,
    `[databases]
* = host=${hostname} port=${port} user=${username} password='${
      decodeURIComponent(password)
    }'
[pgbouncer]
${lines.join("\n")}
`,
  );
  const isRoot = Deno.uid() === 0;
  const process = new Deno.Command(PGBOUNCER, {
    args: [...isRoot ? ["-u", "nobody"] : [], `${folder}/pgbouncer.ini`],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  await untilReady(process.stderr);
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      process.kill("SIGTERM");
      await process.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Reads the log until PgBouncer serves, then discards the rest. */
async function untilReady(log: ReadableStream<Uint8Array>): Promise<void> {
  const reader = log.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("process up")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`PgBouncer has ended:\n${text}`);
    text += value;
  }
  (async () => {
    while (!(await reader.read()).done);
  })();
}
