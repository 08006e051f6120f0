import type { z } from "zod";
import {
  ConnectionUrlError,
  parseConnectionUrl,
} from "../db/driver/connection_url.ts";

/**
 * Returns the database URL from the `POSTGRES_*` variables, or what is wrong with them. Without
 * `POSTGRES_HOST` it returns neither: docker compose reads the password from the same file.
 */
export function composeDatabaseUrl(
  values: Record<string, string>,
): { url?: string; problem?: string } {
  const { POSTGRES_HOST: host, POSTGRES_PASSWORD: password } = values;
  if (!host) return {};
  if (!password) {
    return {
      problem:
        "POSTGRES_PASSWORD is not set: POSTGRES_HOST needs it, or use DATABASE_URL instead of both",
    };
  }
  const port = values["POSTGRES_PORT"] ?? "5432";
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65535) {
    return { problem: "POSTGRES_PORT must be a number from 1 to 65535" };
  }
  const user = encodeURIComponent(values["POSTGRES_USER"] ?? "paceline");
  const database = encodeURIComponent(values["POSTGRES_DB"] ?? "paceline");
  // A path names the folder of a Unix socket.
  const server = host.startsWith("/") ? encodeURIComponent(host) : host;
  const url = `postgres://${user}:${
    encodeURIComponent(password)
  }@${server}:${port}/${database}`;
  return URL.canParse(url) ? { url } : {
    problem:
      "POSTGRES_HOST must be a host name or address without a port, such as db.example.com",
  };
}

/** Adds a problem if the value is not a connection string of PostgreSQL. */
export function checkConnectionUrl(
  { value, issues }: z.core.ParsePayload<string>,
): void {
  try {
    parseConnectionUrl(value);
  } catch (error) {
    if (!(error instanceof ConnectionUrlError)) throw error;
    issues.push({ code: "custom", message: error.message, input: value });
  }
}
