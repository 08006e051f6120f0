import type { SimulatedAthlete } from "./athletes.ts";

/**
 * A fault. `status` to `rate_limit` are answered in place of the request;
 * from `lost` on the request is carried out first and its answer spoiled.
 */
export type FaultAction =
  | {
    kind: "status";
    status: number;
    body?: "html" | "empty" | { json: unknown };
  }
  | { kind: "redirect"; location: string; status?: number }
  /** The connection dies before anything is done. */
  | { kind: "reset" }
  /** No answer for `ms`, then the usual one; without `ms` until the client gives up or `release` is called. */
  | { kind: "hang"; ms?: number }
  | { kind: "invalid_token" }
  | { kind: "forbidden" }
  /** `old_body` is the form of 2018, where `errors` is a plain string. */
  | { kind: "rate_limit"; old_body?: boolean }
  /** The request is carried out, so a refresh rotates its token, but no answer arrives. */
  | { kind: "lost" }
  /** The body ends after `bytes` (half of it if not given) as if it were whole. */
  | { kind: "truncated"; bytes?: number }
  /** The connection dies in the middle of the body. */
  | { kind: "cut" }
  /** A Fault-shaped object where a list belongs, with status 200. */
  | { kind: "object" }
  /** A list where one object belongs. */
  | { kind: "list" }
  /** A list with every item ten times. */
  | { kind: "oversized" }
  /** The body stops half way, until the client gives up or `release` is called. */
  | { kind: "stall" }
  /** Announces a body of this many bytes. */
  | { kind: "length"; bytes: number }
  /** `broken`: declares compression without compressing. */
  | { kind: "gzip"; broken?: boolean }
  | { kind: "content_type"; type: string };

/** The request as a rule sees it. */
export interface FaultTarget {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  athleteId: number | null;
}

/** Requests that a fault applies to: all matching ones, narrowed by `times`, `skip` and `probability`. */
export interface FaultMatch {
  /** A path such as `/api/v3/activities/*`, where `*` is any run of characters, or a pattern. */
  path?: string | RegExp;
  method?: string;
  when?: (target: FaultTarget) => boolean;
  /** Number of requests it applies to before it is used up. */
  times?: number;
  /** Number of matching requests that it lets pass first. */
  skip?: number;
  /** 0 to 1. */
  probability?: number;
}

export interface FaultRule {
  readonly action: FaultAction;
  /** Number of requests it has applied to. */
  readonly hits: number;
  remove(): void;
}

/** The ways to make a list item impossible to parse. */
export type Spoiled = "no_start_date" | "huge_id" | "null";

/** Everything that can be made to go wrong. Rules are tried in the order they were injected, and the first that matches acts. */
export interface Faults {
  inject(action: FaultAction, match?: FaultMatch): FaultRule;
  /** Ends every rule and switch. */
  clear(): void;
  /** Lets every hanging request go on. */
  release(): void;
  take(target: FaultTarget): FaultAction | undefined;
  /** Resolves when `release` is called. */
  released(): Promise<void>;
  /** 403 Application/Status/Inactive for all data calls; OAuth still works. */
  inactive: boolean;
  /** 403 on the authorize page and the code exchange of an athlete not yet connected. */
  athleteLimit: boolean;
  /** 400 RefreshToken/refresh_token/invalid for every refresh. */
  rejectRefresh: boolean;
  /** Whether error answers carry rate-limit headers; Strava's may lack them. */
  errorHeaders: boolean;
  /** Most items of a page, although more follow; 0 is off. */
  shortPages: number;
  /** Whether `before` and `after` include the very second; undocumented, off by default. */
  inclusiveBounds: boolean;
  /** Activities whose detail and streams always answer 500. */
  broken: Set<number>;
  /** Activities that appear in lists in a form that cannot be parsed. */
  spoiled: Map<number, Spoiled>;
  /** Runs after each list page has been cut, to insert or remove items before the next. */
  afterPage: ((athlete: SimulatedAthlete, page: number) => void) | null;
}

interface Rule extends FaultRule {
  hits: number;
  seen: number;
  match: FaultMatch;
}

export function createFaults(random: () => number): Faults {
  let rules: Rule[] = [];
  let gate = Promise.withResolvers<void>();

  function inject(action: FaultAction, match: FaultMatch = {}): FaultRule {
    const rule: Rule = {
      action,
      match,
      hits: 0,
      seen: 0,
      remove: () => {
        rules = rules.filter((other) => other !== rule);
      },
    };
    rules.push(rule);
    return rule;
  }

  function take(target: FaultTarget): FaultAction | undefined {
    const rule = rules.find((candidate) => strikes(candidate, target, random));
    if (rule) rule.hits++;
    return rule?.action;
  }

  function release(): void {
    gate.resolve();
    gate = Promise.withResolvers<void>();
  }

  function clear(): void {
    rules = [];
    release();
    Object.assign(faults, switchesOff());
  }

  const faults: Faults = {
    inject,
    clear,
    release,
    take,
    released: () => gate.promise,
    ...switchesOff(),
  };
  return faults;
}

type Switches = Omit<
  Faults,
  "inject" | "clear" | "release" | "take" | "released"
>;

function switchesOff(): Switches {
  return {
    inactive: false,
    athleteLimit: false,
    rejectRefresh: false,
    errorHeaders: true,
    shortPages: 0,
    inclusiveBounds: false,
    broken: new Set(),
    spoiled: new Map(),
    afterPage: null,
  };
}

function strikes(
  rule: Rule,
  target: FaultTarget,
  random: () => number,
): boolean {
  const { path, method, when, times = Infinity, skip = 0, probability = 1 } =
    rule.match;
  if (rule.hits >= times) return false;
  if (method !== undefined && method !== target.method) return false;
  if (path !== undefined && !toPattern(path).test(target.path)) return false;
  if (when && !when(target)) return false;
  if (rule.seen++ < skip) return false;
  return probability >= 1 || random() < probability;
}

function toPattern(path: string | RegExp): RegExp {
  if (path instanceof RegExp) return path;
  const literal = path.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*")}$`);
}
