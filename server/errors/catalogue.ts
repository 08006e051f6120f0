import type { TRPCError } from "@trpc/server";

/** The code of a failure over tRPC, which decides the HTTP status. */
export type Code = TRPCError["code"];

/** Every failure that a client may see: its stable reason, its tRPC code and its sentence. */
export const CATALOGUE = {
  activities_apart: [
    "CONFLICT",
    "Only activities that overlap in time can be merged",
  ],
  activity_not_found: ["NOT_FOUND", "No activity matches"],
  admin_only: [
    "FORBIDDEN",
    "Only an administrator of the instance may do this",
  ],
  already_set_up: [
    "CONFLICT",
    "This instance has an administrator already: log in",
  ],
  athlete_not_found: [
    "NOT_FOUND",
    "This athlete does not exist, or you may not see it",
  ],
  athlete_value_not_found: [
    "NOT_FOUND",
    "The owner has set no value of this kind for this date",
  ],
  batch_too_large: [
    "PAYLOAD_TOO_LARGE",
    "The batch asks for too much at once: send its calls in several requests",
  ],
  body_too_large: [
    "PAYLOAD_TOO_LARGE",
    "The request body is too large",
  ],
  body_too_slow: [
    "TIMEOUT",
    "The request body did not arrive within 10 seconds",
  ],
  busy: [
    "SERVICE_UNAVAILABLE",
    "Too many passwords are waiting to be checked: try again shortly",
  ],
  database_unavailable: [
    "SERVICE_UNAVAILABLE",
    "The database does not answer: try again shortly",
  ],
  file_is_target: [
    "CONFLICT",
    "An activity of Strava cannot become part of one that came by file: merge the other way round",
  ],
  forbidden_origin: [
    "FORBIDDEN",
    "Pages of this origin may not call this server: add the origin to CORS_ORIGINS",
  ],
  import_not_found: ["NOT_FOUND", "The athlete has no import with this id"],
  import_running: ["CONFLICT", "An upload still arrives: wait for its end"],
  internal_error: [
    "INTERNAL_SERVER_ERROR",
    "Internal error: the server log has the cause under the request id",
  ],
  invalid_api_key: ["UNAUTHORIZED", "The API key is not valid"],
  invalid_input: [
    "BAD_REQUEST",
    "The request does not match what this route accepts",
  ],
  invalid_login: [
    "UNAUTHORIZED",
    "The username or the password is wrong",
  ],
  invalid_json: [
    "BAD_REQUEST",
    "The request body or input is not valid JSON",
  ],
  gear_not_found: ["NOT_FOUND", "The athlete has no gear with this id"],
  key_not_found: ["NOT_FOUND", "You have no API key with this id"],
  last_admin: [
    "CONFLICT",
    "You are the only administrator: make another user an administrator first, or run `deno task erase --user`",
  ],
  method_not_allowed: [
    "METHOD_NOT_SUPPORTED",
    "This route does not accept this method",
  ],
  last_source: [
    "CONFLICT",
    "At least one source must stay with the activity",
  ],
  missing_api_key: [
    "UNAUTHORIZED",
    "This route needs an API key (X-API-Key or Authorization: Bearer) or a session",
  ],
  missing_session: ["UNAUTHORIZED", "This route needs a session: log in"],
  no_strava_application: [
    "NOT_FOUND",
    "This instance has no Strava application: import files, or set STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET",
  ],
  not_connected: [
    "NOT_FOUND",
    "No athlete is connected yet: open /strava/authorize in a browser",
  ],
  not_found: ["NOT_FOUND", "No route matches this path"],
  not_synced: [
    "NOT_FOUND",
    "The first sync has not finished yet: GET /strava/sync/status shows its progress",
  ],
  reconnect_needed: [
    "CONFLICT",
    "Strava no longer accepts the grant: open /strava/authorize to connect again",
  ],
  not_shared: [
    "CONFLICT",
    "No share link to renew: share the athlete by link first",
  ],
  privacy_zone_not_found: [
    "NOT_FOUND",
    "The athlete has no privacy zone with this id",
  ],
  recent_login_required: [
    "FORBIDDEN",
    "Confirm your password first: it was last entered more than 10 minutes ago",
  ],
  scope_missing: ["FORBIDDEN", "The API key's scopes do not allow this"],
  session_expired: [
    "UNAUTHORIZED",
    "The session has expired or was ended: refresh it or log in again",
  ],
  session_not_found: ["NOT_FOUND", "You have no session with this id"],
  signup_closed: [
    "FORBIDDEN",
    "Sign-up is closed: ask the administrator for an account",
  ],
  source_not_found: ["NOT_FOUND", "The activity has no source with this id"],
  strava_app_inactive: [
    "SERVICE_UNAVAILABLE",
    "Strava has closed its API to this application: see https://www.strava.com/settings/api",
  ],
  strava_rate_limited: [
    "SERVICE_UNAVAILABLE",
    "Strava's rate limit is used up: try again later",
  ],
  strava_unavailable: [
    "BAD_GATEWAY",
    "Strava did not send a usable response: try again later",
  ],
  sync_failed: ["BAD_GATEWAY", "The sync failed: the server log says why"],
  too_many_athlete_values: [
    "CONFLICT",
    "You have set the greatest possible number of values of this kind: delete some first",
  ],
  too_many_credentials: [
    "BAD_REQUEST",
    "Send one API key, either in X-API-Key or as Authorization: Bearer",
  ],
  too_many_downloads: [
    "TOO_MANY_REQUESTS",
    "Too many exports are running: try again when one has finished",
  ],
  too_many_gear: [
    "CONFLICT",
    "The athlete has the greatest possible number of shoes and bikes",
  ],
  too_many_keys: [
    "CONFLICT",
    "You have reached the limit of active API keys: revoke one first",
  ],
  too_many_logins: [
    "TOO_MANY_REQUESTS",
    "Too many attempts: try again later",
  ],
  too_many_privacy_zones: [
    "CONFLICT",
    "The athlete has the greatest possible number of privacy zones: delete some first",
  ],
  too_many_requests: [
    "TOO_MANY_REQUESTS",
    "Too many requests: wait for the seconds of Retry-After",
  ],
  unknown_host: [
    "BAD_REQUEST",
    "This server does not answer for this host: add it to ALLOWED_HOSTS",
  ],
  unknown_time_zone: [
    "BAD_REQUEST",
    "No IANA time zone has this name: expected one such as Europe/Berlin",
  ],
  unsupported_media_type: [
    "UNSUPPORTED_MEDIA_TYPE",
    "Send the body as application/json",
  ],
  user_exists: [
    "CONFLICT",
    "This username or e-mail address is already in use",
  ],
  weak_password: ["BAD_REQUEST", "The password is too easy to guess"],
  wrong_password: ["FORBIDDEN", "The password is wrong"],
  wrong_set_up_code: [
    "FORBIDDEN",
    "This is not the set-up code: the server shows it at the start, and `paceline user set-up-code` prints it",
  ],
} as const satisfies Record<string, readonly [Code, string]>;
