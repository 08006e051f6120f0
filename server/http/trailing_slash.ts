/** The path of a URL with one slash at its end. The path `/` is not meant, nor tRPC's names. */
const TRAILING_SLASH =
  /^([a-z]+:\/\/[^/?#]+\/(?!trpc\/)[^?#]*[^/?#])\/(?=[?#]|$)/i;

/**
 * Returns the request without the slash at the end of its path, so that every route, the kept
 * answers and the log see one spelling: `/strava/activities/?limit=5` becomes
 * `/strava/activities?limit=5`. A redirect would lose the body of a `POST`.
 */
export function dropTrailingSlash(request: Request): Request {
  return TRAILING_SLASH.test(request.url)
    ? new Request(request.url.replace(TRAILING_SLASH, "$1"), request)
    : request;
}
