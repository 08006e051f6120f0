/** Why the visitor logs in, and where they want to go. */
export interface LoginSearch {
  why?: "expired" | "logged_out";
  /** A path of this app. */
  to?: string;
}

/** Reads the page's address. Anyone can write it: it leads to no other server. */
export function parseLoginSearch(search: Record<string, unknown>): LoginSearch {
  const { why, to } = search;
  return {
    ...(why === "expired" || why === "logged_out") && { why },
    ...typeof to === "string" && /^\/(?![/\\])/.test(to) && { to },
  };
}
