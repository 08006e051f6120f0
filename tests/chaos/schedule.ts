/**
 * Schedules: lists of steps as plain data. A seed generates one, `runSchedule` runs it, and it can be
 * printed, shortened and run again.
 */

import type { FaultAction } from "../../strava_simulator/faults.ts";
import type { Moment } from "./strava_proxy.ts";

/** The requests that a fault affects. */
export type Target = "any" | "list" | "detail" | "token" | "push";

/**
 * The false part of a forged push event: the owner, the subscription, the object, a deletion or a
 * deauthorization that did not happen, or JSON that is cut short.
 */
export type Forgery =
  | "owner"
  | "subscription"
  | "object"
  | "delete"
  | "deauthorize"
  | "garbage";

/**
 * A step. `n` selects one of the servers, activities or athletes that exist when the step runs, so
 * that steps before it can be removed. With `inBackground` the next step does not wait for this one.
 */
export type Step =
  /** Starts another server, up to three. */
  | { do: "start" }
  /** Ends a server like SIGTERM. */
  | { do: "stop"; n: number }
  /**
   * Ends a server like kill -9: now, or `afterMs` milliseconds after its `nth` request was sent or
   * answered, or its `nth` transaction was committed. Commits of processes cannot be observed:
   * `answered` replaces `committed` for them.
   */
  | {
    do: "kill";
    n: number;
    at?: { nth: number; when: Moment; afterMs: number };
  }
  /** Sends `POST /strava/refresh-data`. */
  | { do: "sync"; n: number; inBackground: boolean; full: boolean }
  /** Runs a tick of the server's schedule. */
  | { do: "tick"; n: number; unfinished: boolean; inBackground: boolean }
  | {
    do: "fault";
    action: FaultAction;
    target: Target;
    times: number;
    skip: number;
  }
  | { do: "switch"; name: "inactive" | "rejectRefresh"; on: boolean }
  /** Sets whether refusals carry the rate limit headers. */
  | { do: "errorHeaders"; on: boolean }
  /** Lets hanging requests continue. */
  | { do: "release" }
  /** Uses up the rate limit through other clients, except for `left` requests. */
  | { do: "useUp"; window: "short" | "daily"; left: number }
  /** Expires an access token early. */
  | { do: "expire"; n: number }
  | { do: "jump"; seconds: number }
  | { do: "pause"; ms: number }
  /** Ends every database connection. */
  | { do: "drop" }
  | { do: "edit"; n: number; change: Change }
  /** Creates an activity that started `daysAgo` days ago. */
  | { do: "create"; daysAgo: number; n: number }
  | { do: "remove"; n: number }
  /** Creates or removes an activity right after Strava has assembled this page of the list. */
  | { do: "shift"; page: number; kind: "create" | "remove"; n: number }
  /** Delivers the waiting push events, `copies` times each. `order` is a seed; 0 keeps the order. */
  | { do: "deliver"; order: number; copies: number }
  /** Loses the waiting push events. */
  | { do: "lose" }
  /** Sends a forged push event. */
  | { do: "forge"; forgery: Forgery; n: number }
  /** Deletes the subscription at Strava. */
  | { do: "unsubscribe" }
  /** Runs the maintenance of push events, as at a server's start or each minute. */
  | { do: "maintain"; n: number; isStart: boolean; inBackground: boolean }
  /** Revokes the grant in Strava's settings. */
  | { do: "deauthorize" }
  /** Takes the athlete through the consent page again. */
  | { do: "connect"; n: number };

/** An edit of an activity. */
export type Change =
  | { name: string }
  | { distance: number }
  | { gear_id: string | null }
  | { visibility: "everyone" | "followers_only" | "only_me" }
  | { sport_type: string }
  | { kudos_count: number };

/** The activities and limits at the start of a schedule. */
export interface Setting {
  activities: number;
  /** Number of activities that start in the same second. */
  perSecond: number;
  /** Days between those seconds. */
  stepDays: number;
  /** Maximum items on a page. It never changes: during a full sync that would skip activities. */
  shortPages: number;
  athletes: 1 | 2;
  /** Read requests per quarter hour. A day has ten times as many. */
  limit: number;
  /** Whether `before` includes its second. */
  inclusiveBounds: boolean;
  /** Whether Strava pushes each change at once. Otherwise only `deliver` steps do. */
  isPushedAtOnce: boolean;
  /** Setting `ON_DEAUTHORIZE`: whether the data of an athlete who revokes the grant is deleted. */
  onDeauthorize: "delete" | "keep";
  /** Time that Strava takes for a response. */
  latencyMs: number;
}

/** `apps` run in this process and share its clock. `processes` are servers as they are deployed. */
export type Kind = "apps" | "processes";

/** A schedule. */
export interface Schedule {
  seed: number;
  kind: Kind;
  setting: Setting;
  steps: Step[];
}

/** Prints a schedule with one step a line. */
export function printSchedule({ steps, ...rest }: Schedule): string {
  const lines = steps.map((step) => `  ${JSON.stringify(step)}`);
  return [JSON.stringify(rest), ...lines].join("\n");
}

/** Parses the output of `printSchedule`. */
export function parseSchedule(text: string): Schedule {
  const [head = "{}", ...steps] = text.trim().split("\n");
  return { ...JSON.parse(head), steps: steps.map((line) => JSON.parse(line)) };
}
