import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";

/** Host headers that are remembered as allowed. */
const MAX_KNOWN = 100;

/**
 * Creates a check that throws if a request is for another host than the server's. A page of another
 * site could otherwise point its own host name at this server (DNS rebinding) and read the answers.
 *
 * The check throws `invalid_input` for an invalid URL or Host header, `unknown_host` for another host.
 */
export function createHostCheck(
  { allowedHosts }: Pick<Config, "allowedHosts">,
): (request: Request, options: { isExempt: boolean }) => void {
  const known = new Set<string>();
  return ({ url, headers }, { isExempt }) => {
    const header = headers.get("host");
    const isKnown = header !== null && known.has(header) &&
      url.startsWith(`http://${header}/`);
    if (isKnown) return;
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
      if (!allowedHosts.includes(name)) {
        throw new AppError("unknown_host", {
          detail: `This server does not answer for the host "${
            name.slice(0, 64)
          }": add it to ALLOWED_HOSTS`,
        });
      }
    }
    const isNew = !isExempt && header !== null && known.size < MAX_KNOWN;
    if (isNew) known.add(header);
  };
}

/** Returns the name or address in a Host header, which may have a port. */
function parseHost(host: string): string | undefined {
  if (!/^[\w.:[\]-]+$/.test(host)) return undefined;
  const url = `http://${host}/`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
