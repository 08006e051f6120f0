import type { Context } from "../context.ts";
import type { RequestLog } from "./request_log.ts";

/** What a route sees: what a procedure does, and the request's line in the log. */
export interface RequestContext extends Context {
  requestLog: RequestLog;
}

/** One method of one path; there are no path parameters but ids, which are numeric. */
export interface Route {
  method: string;
  /** Such as `/strava/activities`, or with an id `/strava/activities/{id}`. */
  path: string;
  /** The addresses of a path with an id. */
  pattern?: RegExp;
  handle: (
    request: Request,
    ctx: RequestContext,
  ) => Response | Promise<Response>;
}
