/** Whether the page is the second step of the set-up. */
export interface SourcesSearch {
  first?: boolean;
}

/** Reads the page's address. */
export function parseSourcesSearch(
  search: Record<string, unknown>,
): SourcesSearch {
  return search["first"] === true ? { first: true } : {};
}
