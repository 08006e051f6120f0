/** A connection string in parts. */
export interface Connection {
  /** The driver's options. */
  options: ConnectionOptions;
  /** `host:port`, or the path of a Unix socket. Holds no secret. */
  address: string;
  /** Hosts and ports; empty for a Unix socket. */
  hosts: { host: string; port: number }[];
  /** Path of the Unix socket. */
  socket: string | undefined;
  /** Parameters that only tell other clients something. */
  unused: string[];
}

/** The options of postgres.js that a connection string sets. */
export interface ConnectionOptions {
  host: string;
  port: number;
  path?: string;
  user?: string;
  password?: string;
  database?: string;
  ssl?: "prefer" | "require" | "verify-full" | false;
  /** Seconds and flags of the driver. */
  settings: Record<string, string | number | boolean>;
  /** Parameters that PostgreSQL gets. It refuses those that it does not know. */
  parameters: Record<string, string>;
}

/** Thrown for a connection string that cannot be used. The message follows the variable's name. */
export class ConnectionUrlError extends Error {
  override name = "ConnectionUrlError";
}

const DEFAULT_PORT = 5432;

/**
 * Parameters of other clients (Prisma, Supabase, Neon, Vercel, JDBC, libpq) that change nothing here:
 * connections are pooled by Paceline itself, and statements are not prepared behind a pooler.
 */
const UNUSED = new Set([
  "channel_binding",
  "client_encoding",
  "connection_limit",
  "fallback_application_name",
  "gssencmode",
  "keepalives",
  "keepalives_count",
  "keepalives_idle",
  "keepalives_interval",
  "krbsrvname",
  "pgbouncer",
  "pool_mode",
  "pool_size",
  "pool_timeout",
  "preparethreshold",
  "schema",
  "socket_timeout",
  "sslcompression",
  "sslsni",
  "statement_cache_size",
  "supa",
  "tcp_user_timeout",
  "uselibpqcompat",
  "workaround",
]);

/** Parameters that would weaken or change the connection if they were left out. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  hostaddr: "use the address as the host",
  passfile: "write the password into the URL",
  service: "write host, user and database into the URL",
  sslcert: "client certificates are not supported",
  sslcrl: "revocation lists are not supported",
  sslkey: "client certificates are not supported",
  sslaccept: "use sslmode=require or sslmode=verify-full instead",
};

/** Numbers that the driver takes, in seconds. */
const DRIVER_NUMBERS = new Set([
  "connect_timeout",
  "idle_timeout",
  "max_lifetime",
  "keep_alive",
]);
const DRIVER_TEXTS = new Set(["sslnegotiation", "target_session_attrs"]);

const SSL_MODES: Readonly<Record<string, ConnectionOptions["ssl"]>> = {
  disable: false,
  allow: "prefer",
  prefer: "prefer",
  require: "require",
  "no-verify": "require",
  "verify-ca": "verify-full",
  "verify-full": "verify-full",
};

/**
 * Parses a connection string as libpq and the providers of PostgreSQL write it, also with a Unix
 * socket: `postgres:///db?host=/run/postgresql`, or the path percent-encoded in place of the host.
 *
 * @throws {ConnectionUrlError}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const { address, unused } = parseConnectionUrl("postgres://me:pw@db.test/paceline?pgbouncer=true");
 * assert.equal(address, "db.test:5432");
 * assert.deepEqual(unused, ["pgbouncer"]);
 * ```
 */
export function parseConnectionUrl(url: string): Connection {
  const [, authority, path = "", search = ""] =
    /^postgres(?:ql)?:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(url) ??
      [];
  if (authority === undefined) throw createFormError();
  const query = new Map(new URLSearchParams(search));
  const at = authority.lastIndexOf("@");
  const credentials = at === -1 ? "" : authority.slice(0, at);
  const colon = credentials.indexOf(":");
  const [user, password] = colon === -1
    ? [credentials, ""]
    : [credentials.slice(0, colon), credentials.slice(colon + 1)];
  const take = (name: string, text: string): string => {
    const value = query.get(name) ?? decode(text);
    query.delete(name);
    return value;
  };
  const hosts = parseHosts(authority.slice(at + 1), {
    host: take("host", ""),
    port: take("port", ""),
  });
  const [first] = hosts;
  const socket = first!.host.startsWith("/")
    ? `${first!.host}/.s.PGSQL.${first!.port}`
    : undefined;
  const named = {
    user: take("user", user),
    password: take("password", password),
    database: take("dbname", path),
  };
  const given = Object.entries(named).filter(([, value]) => value !== "");
  const { unused, ...rest } = sortParameters(query);
  return {
    options: {
      // The driver takes lists, although its types lack them. Texts would not do for IPv6.
      host: hosts.map(({ host }) => host) as unknown as string,
      port: hosts.map(({ port }) => port) as unknown as number,
      ...(socket === undefined ? {} : { path: socket }),
      ...Object.fromEntries(given),
      ...rest,
    },
    address: socket ??
      hosts.map(({ host, port }) => `${bracket(host)}:${port}`).join(","),
    hosts: socket === undefined ? hosts : [],
    socket,
    unused,
  };
}

function createFormError(): ConnectionUrlError {
  return new ConnectionUrlError(
    "must be a URL such as postgres://user:password@host:5432/paceline",
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConnectionUrlError(
      'has a "%" that begins no escape: write %25 for a percent sign in the password',
    );
  }
}

/** Parses `host:port,[::1]:5433`. Hosts of the query take precedence. */
function parseHosts(
  text: string,
  query: { host: string; port: string },
): Connection["hosts"] {
  const ports = query.port.split(",");
  const list = (query.host || text).split(",");
  return list.map((each, index) => {
    const [, name, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(each) ?? [];
    if (name === undefined) throw createFormError();
    const number = Number(
      ports[index] || ports[0] || port || DEFAULT_PORT,
    );
    if (!Number.isInteger(number) || number < 1 || number > 65535) {
      throw new ConnectionUrlError("must have a port from 1 to 65535");
    }
    const host = decode(name.replace(/^\[(.*)\]$/, "$1")) || "localhost";
    return { host, port: number };
  });
}

function bracket(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Sorts parameters by who takes them: the driver, PostgreSQL, or nobody. */
function sortParameters(
  query: ReadonlyMap<string, string>,
):
  & Pick<ConnectionOptions, "ssl" | "settings" | "parameters">
  & Pick<Connection, "unused"> {
  const unused: string[] = [];
  const settings: ConnectionOptions["settings"] = {};
  const parameters: ConnectionOptions["parameters"] = {};
  let ssl: ConnectionOptions["ssl"];
  for (const [name, value] of query) {
    if (name === "sslmode" || name === "ssl") ssl = parseSsl(name, value);
    else if (name === "sslrootcert") ssl = parseRootCertificate(value);
    else if (name === "schema" && value !== "public") {
      parameters["search_path"] = value;
    } else if (UNUSED.has(name.toLowerCase())) unused.push(name);
    else if (UNSUPPORTED[name] !== undefined) {
      throw new ConnectionUrlError(
        `has the parameter "${name}", which Paceline cannot use: ${
          UNSUPPORTED[name]
        }`,
      );
    } else if (DRIVER_NUMBERS.has(name)) settings[name] = Number(value);
    else if (DRIVER_TEXTS.has(name)) settings[name] = value;
    else parameters[name] = value;
  }
  return {
    ...(ssl === undefined ? {} : { ssl }),
    settings,
    parameters,
    unused,
  };
}

function parseSsl(name: string, value: string): ConnectionOptions["ssl"] {
  if (value === "true" || value === "1") return "require";
  if (value === "false" || value === "0") return false;
  if (Object.hasOwn(SSL_MODES, value)) return SSL_MODES[value];
  throw new ConnectionUrlError(
    `must have an ${name} of ${Object.keys(SSL_MODES).join(", ")}`,
  );
}

function parseRootCertificate(value: string): "verify-full" {
  if (value === "system") return "verify-full";
  throw new ConnectionUrlError(
    'has the parameter "sslrootcert" with a file: take it out, and set DENO_CERT to that file',
  );
}
