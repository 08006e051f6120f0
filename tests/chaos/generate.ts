import { createRandom, type Random } from "../../demo/history/random.ts";
import type { FaultAction } from "../../strava_simulator/faults.ts";
import type {
  Change,
  Forgery,
  Kind,
  Schedule,
  Setting,
  Step,
  Target,
} from "./schedule.ts";

/** Generates a schedule. The same seed and kind always give the same one. */
export function generateSchedule(seed: number, kind: Kind): Schedule {
  const random = createRandom(seed * 2 + (kind === "apps" ? 0 : 1));
  random.next();
  const length = kind === "apps" ? random.whole(6, 24) : random.whole(5, 12);
  return {
    seed,
    kind,
    setting: generateSetting(random, kind),
    steps: [
      ...Array.from(
        { length: random.whole(1, 2) },
        () => ({ do: "start" } as const),
      ),
      // Otherwise few first syncs would be interrupted: they end with the first `sync` step.
      ...random.chance(0.5) ? [generateKill(random), generateSync(random)] : [],
      ...Array.from({ length }, () => generateStep(random, kind)),
    ],
  };
}

function generateSetting(random: Random, kind: Kind): Setting {
  const athletes = kind === "apps" && random.chance(0.25) ? 2 : 1;
  return {
    activities: random.pick([0, 1, 9, 25, 25, 40, 60]),
    perSecond: random.pick([1, 1, 2, 4, 60]),
    stepDays: random.pick([0.3, 1, 7, 30]),
    shortPages: random.pick([3, 5, 5, 10, 20]),
    athletes,
    limit: random.pick([5, 12, 100, 100]),
    inclusiveBounds: random.chance(0.3),
    latencyMs: random.pick([0, 0, 2, 5]),
    isPushedAtOnce: random.chance(0.5),
    onDeauthorize: athletes === 1 ? random.pick(["delete", "keep"]) : "keep",
  };
}

type Generator = (random: Random, kind: Kind) => Step;

/** The generator of each step and its weight. */
const GENERATORS: readonly [weight: number, generate: Generator][] = [
  [4, () => ({ do: "start" })],
  [2, (random) => ({ do: "stop", n: random.whole(0, 9) })],
  [8, generateKill],
  [18, generateSync],
  [8, (random) => ({
    do: "tick",
    n: random.whole(0, 9),
    unfinished: random.chance(0.5),
    inBackground: random.chance(0.5),
  })],
  [16, generateFault],
  [1, (random) => ({
    do: "switch",
    name: random.pick(["inactive", "rejectRefresh"]),
    on: random.chance(0.5),
  })],
  [1, (random) => ({ do: "errorHeaders", on: random.chance(0.5) })],
  [2, () => ({ do: "release" })],
  [4, (random) => ({
    do: "useUp",
    window: random.pick(["short", "short", "daily"]),
    left: random.whole(0, 4),
  })],
  [3, (random) => ({ do: "expire", n: random.whole(0, 1) })],
  [9, (random) => ({
    do: "jump",
    seconds: random.pick([1, 20, 61, 300, 905, 3600, 19_000, 86_400, 864_000]),
  })],
  [4, (random) => ({ do: "pause", ms: random.whole(0, 40) })],
  [2, () => ({ do: "drop" })],
  [8, (random) => ({
    do: "edit",
    n: random.whole(0, 99),
    change: generateChange(random),
  })],
  [6, (random) => ({
    do: "create",
    daysAgo: random.pick([0, 1, 5, 13, 20, 90, 1000]),
    n: random.whole(0, 999),
  })],
  [5, (random) => ({ do: "remove", n: random.whole(0, 99) })],
  [4, (random) => ({
    do: "shift",
    page: random.whole(1, 4),
    kind: random.pick(["create", "remove"]),
    n: random.whole(0, 999),
  })],
  [12, (random) => ({
    do: "deliver",
    order: random.whole(0, 9),
    copies: random.pick([1, 1, 1, 2, 3]),
  })],
  [1, () => ({ do: "lose" })],
  [4, (random) => ({
    do: "forge",
    forgery: random.pick<Forgery>([
      "owner",
      "subscription",
      "object",
      "delete",
      "delete",
      "deauthorize",
      "garbage",
    ]),
    n: random.whole(0, 99),
  })],
  [1, () => ({ do: "unsubscribe" })],
  [4, (random) => ({
    do: "maintain",
    n: random.whole(0, 9),
    isStart: random.chance(0.2),
    inBackground: random.chance(0.5),
  })],
  [1, () => ({ do: "deauthorize" })],
  [1, (random) => ({ do: "connect", n: random.whole(0, 9) })],
];

const TOTAL_WEIGHT = GENERATORS.reduce((sum, [weight]) => sum + weight, 0);

function generateStep(random: Random, kind: Kind): Step {
  let left = random.between(0, TOTAL_WEIGHT);
  for (const [weight, generate] of GENERATORS) {
    left -= weight;
    if (left < 0) return generate(random, kind);
  }
  return { do: "start" };
}

function generateSync(random: Random): Step {
  return {
    do: "sync",
    n: random.whole(0, 9),
    inBackground: random.chance(0.5),
    full: random.chance(0.25),
  };
}

function generateKill(random: Random): Step {
  const n = random.whole(0, 9);
  if (random.chance(0.2)) return { do: "kill", n };
  return {
    do: "kill",
    n,
    at: {
      nth: random.whole(1, 8),
      when: random.pick(["sent", "answered", "committed", "committed"]),
      afterMs: random.pick([0, 0, 1, 2, 4, 8]),
    },
  };
}

function generateFault(random: Random, kind: Kind): Step {
  const target: Target = random.pick([
    ...["list", "list", "list", "any", "token"] as const,
    ...["detail", "detail", "push"] as const,
  ]);
  return {
    do: "fault",
    action: generateAction(random, kind),
    target,
    times: random.whole(1, 4),
    skip: random.whole(0, 3),
  };
}

const BAD_GRANT = {
  message: "Bad Request",
  errors: [{
    resource: "RefreshToken",
    field: "refresh_token",
    code: "invalid",
  }],
};

function generateAction(random: Random, kind: Kind): FaultAction {
  const status = random.pick([500, 502, 503, 504]);
  return random.pick<FaultAction>([
    { kind: "status", status, body: "html" },
    { kind: "status", status, body: "empty" },
    {
      kind: "status",
      status,
      body: { json: { message: "error", errors: [] } },
    },
    { kind: "status", status: 200, body: "html" },
    { kind: "status", status: 200, body: "empty" },
    { kind: "status", status: 400, body: { json: BAD_GRANT } },
    {
      kind: "redirect",
      location: "/login",
      status: random.pick([301, 302, 307]),
    },
    { kind: "reset" },
    // A server in its own process waits half a minute, which is too long for a schedule.
    kind === "apps" && random.chance(0.5)
      ? { kind: "hang" }
      : { kind: "hang", ms: random.whole(5, 60) },
    { kind: "invalid_token" },
    { kind: "forbidden" },
    { kind: "rate_limit", old_body: random.chance(0.3) },
    { kind: "lost" },
    { kind: "truncated" },
    { kind: "truncated", bytes: random.whole(0, 40) },
    { kind: "cut" },
    { kind: "object" },
    { kind: "gzip" },
    { kind: "content_type", type: "text/html; charset=utf-8" },
  ]);
}

function generateChange(random: Random): Change {
  return random.pick<Change>([
    { name: `Renamed ${random.whole(0, 9999)}` },
    { distance: random.whole(0, 40_000) },
    { gear_id: random.pick([null, "g1", "b2"]) },
    { visibility: random.pick(["everyone", "followers_only", "only_me"]) },
    { sport_type: random.pick(["Run", "TrailRun", "GravelRide", "Padel"]) },
    { kudos_count: random.whole(0, 99) },
  ]);
}
