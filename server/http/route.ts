import type { Context } from "../context.ts";
import type { Limits } from "./request_limits.ts";
import type { Counted } from "./rate_counter.ts";
import type { RequestLog } from "./request_log.ts";

/** The context of a request: a procedure's, plus the request's line in the log. */
export interface RequestContext extends Context {
  requestLog: RequestLog;
  limits: Limits;
  /** The client's budget after this request, for the response's headers. */
  rate?: Counted | undefined;
  /** Returns the response of success with this body, complete and kept where that is possible. */
  respond: (body: string, type: string) => Response | Promise<Response>;
}

/** The form of an id in a path. Without leading zeros, so that an activity has one address. */
export const ID_PATTERN = "[1-9][0-9]*";

/** One method of one path. The only path parameters are numeric ids. */
export interface Route {
  method: string;
  /** `/strava/activities`, or with an id `/strava/activities/{id}`. */
  path: string;
  /** Units of the rate limit that a request takes. Default: 1. 0 exempts the route from all limits. */
  cost?: number | ((request: Request) => number);
  handle: (
    request: Request,
    ctx: RequestContext,
  ) => Response | Promise<Response>;
}
