/** The scopes that an API key may have. */
export const SCOPES = [
  "stats:read",
  "activities:read",
  "activities:read_private",
  "activities:write",
  "athlete:read",
  "athlete:write",
  "sync:write",
  "export:read",
  "import:write",
  "admin",
] as const;

/** A permission of an API key. */
export type Scope = (typeof SCOPES)[number];
