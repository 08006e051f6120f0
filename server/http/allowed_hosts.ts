import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";

/**
 * Throws if the request is for another host than the server's. A page of another site could
 * otherwise point its own host name at this server (DNS rebinding) and read the answers.
 *
 * @throws {AppError} `invalid_input` for an invalid URL or Host header, `unknown_host` for another host.
 */
export function requireAllowedHost(
  { url, headers }: Request,
  { config, isExempt }: {
    config: Pick<Config, "allowedHosts">;
    /** Whether any host may ask, as probes ask by address. */
    isExempt: boolean;
  },
): void {
  const header = headers.get("host");
  const hosts = [
    URL.canParse(url) ? new URL(url).hostname : undefined,
    header === null ? "localhost" : parseHost(header),
  ];
  for (const host of hosts) {
    if (host === undefined) {
      const detail = "Invalid URL or Host header";
      throw new AppError("invalid_input", { detail });
    }
    if (isExempt) continue;
    const name = host.replace(/\.$/, "");
    if (!config.allowedHosts.includes(name)) {
      throw new AppError("unknown_host", {
        detail: `This server does not answer for the host "${
          name.slice(0, 64)
        }": add it to ALLOWED_HOSTS`,
      });
    }
  }
}

/** Returns the name or address in a Host header, which may have a port. */
function parseHost(host: string): string | undefined {
  if (!/^[\w.:[\]-]+$/.test(host)) return undefined;
  const url = `http://${host}/`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
