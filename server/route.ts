import type { Context } from "./context.ts";

/** One method of one path; there are no path parameters but ids, which are numeric. */
export interface Route {
  method: string;
  path: string;
  handle: (request: Request, ctx: Context) => Response | Promise<Response>;
}
