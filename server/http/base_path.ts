import { ID_PATTERN, type Route } from "./route.ts";

/** Removes the path before those of the routes from a request. */
export type DropBasePath = (request: Request) => Request;

/**
 * Creates a function that removes `basePath` from a request's URL, so that every route, the kept
 * answers and the log see the path of the route: `/paceline/docs` becomes `/docs`. A request without
 * it is passed on unchanged, because most proxies have removed it already.
 *
 * The path of a route wins: under `/api`, `/api/health` may have lost its `/api` or may still have it,
 * and there is a route of this name.
 */
export function createDropBasePath(
  { basePath, routes }: { basePath: string; routes: readonly Route[] },
): DropBasePath {
  if (basePath === "") return (request) => request;
  const paths = new RegExp(
    `^(${routes.map(({ path }) => toPattern(path)).join("|")})/?$`,
  );
  return (request) => {
    // A wrong Host makes a wrong URL, which a later step refuses.
    const url = URL.parse(request.url);
    if (!url) return request;
    const { pathname } = url;
    const isBelow = pathname === basePath ||
      pathname.startsWith(`${basePath}/`);
    if (!isBelow || paths.test(pathname)) return request;
    url.pathname = pathname.slice(basePath.length);
    return new Request(url, request);
  };
}

/** Returns the pattern of a route's path: `{id}` is an id, `:secret` a segment, `*` anything. */
function toPattern(path: string): string {
  return path.replaceAll(/[.+?^$()[\]|\\]/g, "\\$&")
    .replaceAll(/\{\w+\}/g, ID_PATTERN)
    .replaceAll(/:\w+/g, "[^/]+")
    .replaceAll("*", ".*");
}
