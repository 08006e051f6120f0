import { carriesSession } from "../auth/cookies.ts";
import { hasCredential } from "../auth/credential.ts";
import type { Config } from "../config.ts";

/** Reports whether nothing but its URL and origin tells a read from others. */
export function isPublicRead({ headers }: Request, config: Config): boolean {
  if (hasCredential(headers) || headers.has("trpc-accept")) return false;
  return !headers.has("cookie") || !carriesSession(headers, config);
}
