/** What happens to a sync, as data: a seed makes it, a runner plays it, and it can be printed, shortened and played again. */

import type { FaultAction } from "../../strava_simulator/faults.ts";
import type { When } from "./strava_proxy.ts";

/** Which requests a fault befalls. */
export type Target = "any" | "list" | "detail" | "token" | "push";

/** What an event claims that is not so: of whom, of which subscription, of what; or no event at all. */
export type Lie =
  | "owner"
  | "subscription"
  | "object"
  | "delete"
  | "deauthorize"
  | "garbage";

/** The value `n` of a step picks one of what is there when the step is played, whatever steps went before. */
export type Step =
  /** A server more, up to three; nothing where there are three. */
  | { do: "start" }
  /** Asks a server to end, as SIGTERM does. */
  | { do: "stop"; n: number }
  /**
   * Ends a server as kill -9 does: now, or so many milliseconds after its nth request was sent or
   * answered, or after its nth transaction was committed (of a process: answered).
   */
  | { do: "kill"; n: number; at?: { nth: number; when: When; afterMs: number } }
  /** `POST /strava/refresh-data`; the next step comes when it is answered, unless it goes on beside. */
  | { do: "sync"; n: number; beside: boolean; full: boolean }
  /** What the schedule does at each tick. */
  | { do: "tick"; n: number; unfinished: boolean; beside: boolean }
  | {
    do: "fault";
    action: FaultAction;
    target: Target;
    times: number;
    skip: number;
  }
  | { do: "switch"; name: "inactive" | "rejectRefresh"; on: boolean }
  /** Whether refusals carry the headers of the rate limit. */
  | { do: "errorHeaders"; on: boolean }
  /** Lets hanging requests go on. */
  | { do: "release" }
  /** Others use up the budget, to so many requests before its end. */
  | { do: "spend"; window: "short" | "daily"; left: number }
  /** The access token dies before its time. */
  | { do: "expire"; n: number }
  | { do: "jump"; seconds: number }
  | { do: "pause"; ms: number }
  /** The database ends every connection. */
  | { do: "drop" }
  | { do: "edit"; n: number; change: Change }
  /** A new activity that began so many days ago. */
  | { do: "create"; daysAgo: number; n: number }
  | { do: "remove"; n: number }
  /** An activity comes or goes just after a page of the list was cut. */
  | { do: "shift"; page: number; kind: "create" | "remove"; n: number }
  /** Strava delivers what it has to tell, so many times each; `order` is the seed of it, 0 as it came. */
  | { do: "deliver"; order: number; copies: number }
  /** What Strava has to tell is never delivered. */
  | { do: "lose" }
  | { do: "lie"; lie: Lie; n: number }
  /** The subscription is gone at Strava. */
  | { do: "unsubscribe" }
  /** What the schedule does for push events, each minute or at the start. */
  | { do: "tend"; n: number; isStart: boolean; beside: boolean }
  /** The athlete takes the grant back in Strava's settings. */
  | { do: "deauthorize" }
  /** The athlete goes through the consent page again. */
  | { do: "connect"; n: number };

export type Change =
  | { name: string }
  | { distance: number }
  | { gear_id: string | null }
  | { visibility: "everyone" | "followers_only" | "only_me" }
  | { sport_type: string }
  | { kudos_count: number };

/** The history and the limits that a schedule begins with. */
export interface Setting {
  activities: number;
  /** So many of them began in the same second. */
  perSecond: number;
  /** Days between those seconds. */
  stepDays: number;
  /** The most items of a page. It stays: were it to change amid a walk, pages would be left out. */
  shortPages: number;
  athletes: 1 | 2;
  /** Reads a quarter hour; a day has ten times as many. */
  limit: number;
  /** Whether `before` includes its second. */
  inclusiveBounds: boolean;
  /** Whether Strava tells of a change at once; otherwise only a step of its own delivers. */
  isToldAtOnce: boolean;
  /** What becomes of the data of an athlete who leaves. */
  onDeauthorize: "delete" | "keep";
  /** How long Strava takes for an answer. */
  latencyMs: number;
}

/** `apps` live in this process and share its clock; `processes` are servers as they are deployed. */
export type Kind = "apps" | "processes";

export interface Schedule {
  seed: number;
  kind: Kind;
  setting: Setting;
  steps: Step[];
}

/** A step a line, to be read and to be put into a test. */
export function printSchedule({ steps, ...rest }: Schedule): string {
  const lines = steps.map((step) => `  ${JSON.stringify(step)}`);
  return [JSON.stringify(rest), ...lines].join("\n");
}

/** Reads what `printSchedule` wrote. */
export function readSchedule(text: string): Schedule {
  const [head = "{}", ...steps] = text.trim().split("\n");
  return { ...JSON.parse(head), steps: steps.map((line) => JSON.parse(line)) };
}
