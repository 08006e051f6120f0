/** What an API key may be allowed to do. */
export const SCOPES = [
  "stats:read",
  "activities:read",
  "activities:read_private",
  "sync:write",
  "export:read",
  "admin",
] as const;

/** One thing that an API key may be allowed to do. */
export type Scope = (typeof SCOPES)[number];
