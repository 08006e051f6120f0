import assert from "node:assert/strict";
import {
  type Config,
  ConfigError,
  readConfig,
  type Variable,
  VARIABLES,
} from "../../server/config.ts";

type Variables = Partial<Record<Variable, string>>;

const ROOT = new URL("../..", import.meta.url);

/** The minimal development configuration. */
const MINIMUM: Variables = {
  DATABASE_URL: "postgres://user:password@db.test:5432/paceline",
  INTERNAL_API_KEY: "Wq3kZ0aLr8TnXy5vBc7eFg1hJm2pQs4u",
  STATE_SECRET: "Mn6bVx9cZl1kJh3gFd5sAq7wEr2tYu8i",
  ENCRYPTION_KEY: "Po0iUy6tRe4wQa2sDf8gHj1kLz3xCv5b",
  STRAVA_CLIENT_ID: "12345",
  STRAVA_CLIENT_SECRET: "0123456789abcdef",
};

const PRODUCTION: Variables = {
  ...MINIMUM,
  ENVIRONMENT: "production",
  STRAVA_REDIRECT_URI: "https://api.example.com/strava/callback",
  ALLOWED_ATHLETES: "700001",
};

function read(variables: Variables, terminal = false): Config {
  return readConfig((name) => variables[name], { terminal });
}

/** Returns the problems of a set of variables in their order. */
function listProblems(variables: Variables): readonly string[] {
  try {
    read(variables);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError, Deno.inspect(error));
    return error.problems;
  }
}

Deno.test("readConfig: uses the default of an unset variable", () => {
  assert.deepEqual(read(MINIMUM), {
    environment: "development",
    port: 5001,
    host: "127.0.0.1",
    processes: 1,
    publicUrl: undefined,
    basePath: "",
    databaseUrl: MINIMUM.DATABASE_URL,
    databaseDirectUrl: MINIMUM.DATABASE_URL,
    databaseOwnerUrl: MINIMUM.DATABASE_URL,
    createsRole: false,
    internalApiKey: MINIMUM.INTERNAL_API_KEY,
    stateSecret: MINIMUM.STATE_SECRET,
    encryptionKey: MINIMUM.ENCRYPTION_KEY,
    encryptionKeysOld: [],
    strava: {
      clientId: "12345",
      hasApp: true,
      clientSecret: "0123456789abcdef",
      redirectUri: "http://localhost:5001/strava/callback",
      apiUrl: "https://www.strava.com/api/v3",
      oauthUrl: "https://www.strava.com/oauth",
    },
    allowedAthletes: "first",
    frontendUrl: "http://localhost:5001",
    corsOrigins: ["http://localhost:5001"],
    allowedHosts: ["localhost", "127.0.0.1", "[::1]"],
    publicStats: true,
    publicVisibility: ["everyone"],
    publicTotals: "all",
    signup: "closed",
    trustedProxies: 0,
    limits: { rate: 2000, concurrent: 50, streams: 20, exemptLoopback: true },
    caching: {
      maxBytes: 32 * 1024 * 1024,
      maxAge: 0,
      sharedMaxAge: undefined,
      staleWhileRevalidate: undefined,
    },
    auditRetentionDays: 365,
    heart: { rest: 60, max: undefined },
    syncCron: "0 * * * *",
    webhook: undefined,
    onDeauthorize: "delete",
    deauthorizeGraceDays: 0,
    keepOriginals: true,
    importMaxBytes: 5_000_000_000,
    retentionDays: null,
    stravaStreams: "off",
    logLevel: "info",
    logFormat: "json",
  });
});

Deno.test("readConfig: treats an empty or blank variable as unset", () => {
  const blank: Variables = {};
  for (const [index, name] of VARIABLES.entries()) {
    blank[name] = index % 2 ? "" : " \t ";
  }
  assert.deepEqual(read({ ...blank, ...MINIMUM }), read(MINIMUM));
  assert.deepEqual(listProblems(blank), listProblems({}));
});

Deno.test("readConfig: trims white space around a value", () => {
  const padded: Variables = {};
  for (const [name, value] of Object.entries(MINIMUM)) {
    padded[name as Variable] = `  ${value}\r\n`;
  }
  assert.deepEqual(read(padded), read(MINIMUM));
});

Deno.test("readConfig: reads every variable", () => {
  const config = read({
    ...PRODUCTION,
    DATABASE_DIRECT_URL: "postgres://user@direct.test/paceline",
    DATABASE_OWNER_URL: "postgres://owner@direct.test/paceline",
    PORT: "8080",
    HOST: "0.0.0.0",
    PROCESSES: "4",
    ENCRYPTION_KEYS_OLD: "old-one, old-two,",
    STRAVA_API_URL: "https://api-v3.strava.com/",
    STRAVA_OAUTH_URL: "http://127.0.0.1:4321/oauth/",
    ALLOWED_ATHLETES: "700001, 7",
    FRONTEND_URL: "https://me.example.com/training/",
    CORS_ORIGINS: "https://a.example.com, https://b.example.com:8443/",
    PUBLIC_STATS: "false",
    PUBLIC_VISIBILITY: "everyone,followers_only",
    PUBLIC_TOTALS: "visible",
    KEEP_ORIGINALS: "false",
    IMPORT_MAX_GB: "0.5",
    STRAVA_RETENTION: "7",
    STRAVA_STREAMS: "all",
    ATHLETE_REST_HR: "48",
    ATHLETE_MAX_HR: "191",
    SIGNUP: "open",
    TRUSTED_PROXIES: "2",
    ALLOWED_HOSTS: "A.example.com, [2001:DB8:0::1]",
    RATE_LIMIT: "off",
    MAX_CONCURRENT_REQUESTS: "7",
    MAX_STREAMS: "3",
    ANSWER_CACHE_MB: "5",
    CACHE_MAX_AGE: "10",
    CACHE_S_MAXAGE: "60",
    CACHE_STALE_WHILE_REVALIDATE: "600",
    AUDIT_RETENTION: "forever",
    SYNC_CRON: "15 6 * * MON",
    PUBLIC_URL: "https://api.example.com/",
    WEBHOOK_VERIFY_TOKEN: "a-word-of-mine",
    STRAVA_WEBHOOK_SIGNING_SECRET: "sss",
    ON_DEAUTHORIZE: "keep",
    DEAUTHORIZE_GRACE_DAYS: "30",
    LOG_LEVEL: "debug",
    LOG_FORMAT: "pretty",
  });
  assert.deepEqual(config, {
    environment: "production",
    port: 8080,
    host: "0.0.0.0",
    processes: 4,
    publicUrl: "https://api.example.com",
    basePath: "",
    databaseUrl: MINIMUM.DATABASE_URL,
    databaseDirectUrl: "postgres://user@direct.test/paceline",
    databaseOwnerUrl: "postgres://owner@direct.test/paceline",
    createsRole: false,
    internalApiKey: MINIMUM.INTERNAL_API_KEY,
    stateSecret: MINIMUM.STATE_SECRET,
    encryptionKey: MINIMUM.ENCRYPTION_KEY,
    encryptionKeysOld: ["old-one", "old-two"],
    strava: {
      clientId: "12345",
      hasApp: true,
      clientSecret: "0123456789abcdef",
      redirectUri: "https://api.example.com/strava/callback",
      apiUrl: "https://api-v3.strava.com",
      oauthUrl: "http://127.0.0.1:4321/oauth",
    },
    allowedAthletes: [700_001, 7],
    frontendUrl: "https://me.example.com/training",
    corsOrigins: [
      "https://me.example.com",
      "https://a.example.com",
      "https://b.example.com:8443",
    ],
    allowedHosts: [
      "localhost",
      "127.0.0.1",
      "[::1]",
      "api.example.com",
      "a.example.com",
      "[2001:db8::1]",
    ],
    publicStats: false,
    publicVisibility: ["everyone", "followers_only"],
    publicTotals: "visible",
    signup: "open",
    trustedProxies: 2,
    limits: { rate: null, concurrent: 7, streams: 3, exemptLoopback: false },
    caching: {
      maxBytes: 5 * 1024 * 1024,
      maxAge: 10,
      sharedMaxAge: 60,
      staleWhileRevalidate: 600,
    },
    auditRetentionDays: null,
    heart: { rest: 48, max: 191 },
    syncCron: "15 6 * * MON",
    webhook: {
      verifyToken: "a-word-of-mine",
      signingSecret: "sss",
    },
    onDeauthorize: "keep",
    deauthorizeGraceDays: 30,
    keepOriginals: false,
    importMaxBytes: 500_000_000,
    retentionDays: 7,
    stravaStreams: "all",
    logLevel: "debug",
    logFormat: "pretty",
  });
});

Deno.test("readConfig: logs pretty on a terminal unless LOG_FORMAT is set", () => {
  assert.equal(read(MINIMUM, true).logFormat, "pretty");
  assert.equal(
    read({ ...MINIMUM, LOG_FORMAT: "json" }, true).logFormat,
    "json",
  );
});

Deno.test("readConfig: derives the redirect URL from PORT", () => {
  const { strava } = read({ ...MINIMUM, PORT: "8080" });
  assert.equal(strava.redirectUri, "http://localhost:8080/strava/callback");
});

Deno.test("readConfig: lists every missing variable with what to do", () => {
  const secret = "is not set: create one with `openssl rand -base64 32`";
  assert.deepEqual(listProblems({}), [
    "DATABASE_URL is not set: use a URL such as postgres://user:password@host:5432/paceline, or run `deno task start`, which includes a database",
    `INTERNAL_API_KEY ${secret}`,
    `STATE_SECRET ${secret}`,
    `ENCRYPTION_KEY ${secret}`,
  ]);
});

Deno.test("readConfig: needs no Strava application, but a complete one if any", () => {
  const id =
    "STRAVA_CLIENT_ID is not set: it is the Client ID shown on https://www.strava.com/settings/api";
  const secret =
    "STRAVA_CLIENT_SECRET is not set: it is the Client Secret shown on https://www.strava.com/settings/api";
  const { STRAVA_CLIENT_ID: _, STRAVA_CLIENT_SECRET: __, ...rest } = MINIMUM;

  assert.equal(read(rest).strava.hasApp, false);
  assert.equal(read(MINIMUM).strava.hasApp, true);
  assert.deepEqual(listProblems({ ...rest, STRAVA_CLIENT_ID: "1" }), [secret]);
  assert.deepEqual(listProblems({ ...rest, STRAVA_CLIENT_SECRET: "s" }), [id]);
  const webhook = {
    PUBLIC_URL: "https://a.example.com",
    WEBHOOK_VERIFY_TOKEN: "12345678",
  };
  assert.deepEqual(listProblems({ ...rest, ...webhook }), [id, secret]);
});

Deno.test("readConfig: production without Strava needs no redirect and no athletes", () => {
  const { STRAVA_CLIENT_ID: _, STRAVA_CLIENT_SECRET: __, ...rest } = PRODUCTION;
  const { STRAVA_REDIRECT_URI: ___, ALLOWED_ATHLETES: ____, ...files } = rest;
  assert.equal(read(files).strava.hasApp, false);
});

Deno.test("readConfig: shows no value of invalid variables but of PORT", () => {
  const bad: Variables = {
    ALLOWED_ATHLETES: "bad-value",
    ATHLETE_MAX_HR: "bad-value",
    ATHLETE_REST_HR: "bad-value",
    CORS_ORIGINS: "bad-value",
    DATABASE_OWNER_URL: "bad-value",
    DATABASE_URL: "bad-value",
    DEAUTHORIZE_GRACE_DAYS: "bad-value",
    ENCRYPTION_KEY: "bad-value",
    ENVIRONMENT: "bad-value",
    FRONTEND_URL: "bad-value",
    INTERNAL_API_KEY: "bad-value",
    LOG_FORMAT: "bad-value",
    LOG_LEVEL: "bad-value",
    ON_DEAUTHORIZE: "bad-value",
    PORT: "bad-value",
    PUBLIC_STATS: "bad-value",
    PUBLIC_TOTALS: "bad-value",
    PUBLIC_URL: "bad-value",
    PUBLIC_VISIBILITY: "bad-value",
    STATE_SECRET: "bad-value",
    STRAVA_API_URL: "bad-value",
    STRAVA_CLIENT_ID: "bad-value",
    STRAVA_CLIENT_SECRET: "fine",
    STRAVA_OAUTH_URL: "bad-value",
    STRAVA_REDIRECT_URI: "bad-value",
    STRAVA_RETENTION: "bad-value",
    SYNC_CRON: "bad-value",
  };
  const problems = listProblems(bad);
  const named = problems.map((problem) => problem.split(" ")[0]);
  const wrong = Object.keys(bad).filter((name) =>
    name !== "STRAVA_CLIENT_SECRET"
  );
  assert.deepEqual(named.toSorted(), wrong);
  for (const problem of problems) {
    assert.match(problem, /^[A-Z_]+ must /);
    assert.equal(/bad-value/.test(problem), problem.startsWith("PORT "));
  }
});

Deno.test("ConfigError: lists one problem per line", () => {
  assert.equal(
    new ConfigError(["PORT is odd"]).message,
    "The configuration has a problem:\n  - PORT is odd",
  );
  assert.equal(
    new ConfigError(["PORT is odd", "HOST is even"]).message,
    "The configuration has 2 problems:\n  - PORT is odd\n  - HOST is even",
  );
});

Deno.test("readConfig: accepts a complete production configuration", () => {
  assert.equal(read(PRODUCTION).environment, "production");
});

const PRODUCTION_DEMANDS: [string, Variables, string[]][] = [
  ["ALLOWED_ATHLETES", { ALLOWED_ATHLETES: "" }, [
    'ALLOWED_ATHLETES is not set: list the Strava athlete ids that may connect, or use "first"',
  ]],
  ["an https redirect, not http", {
    STRAVA_REDIRECT_URI: "http://api.example.com/strava/callback",
  }, [
    "STRAVA_REDIRECT_URI must be https:// in production, such as https://api.example.com/strava/callback",
  ]],
  ["a redirect at all", { STRAVA_REDIRECT_URI: "" }, [
    "STRAVA_REDIRECT_URI must be https:// in production, such as https://api.example.com/strava/callback",
  ]],
  ["an API key of 32 bytes", {
    INTERNAL_API_KEY: "Wq3kZ0aLr8TnXy5vBc7eFg1hJm2pQs4",
  }, [
    "INTERNAL_API_KEY must have at least 32 bytes: create one with `openssl rand -base64 32`",
  ]],
  ["a key with many characters", { ENCRYPTION_KEY: "abcabcabc".repeat(6) }, [
    "ENCRYPTION_KEY is easy to guess: create one with `openssl rand -base64 32`",
  ]],
  ["a secret that is not copied from an example", {
    STATE_SECRET: "change-me-0123456789-abcdefghijklmnop",
  }, [
    "STATE_SECRET is easy to guess: create one with `openssl rand -base64 32`",
  ]],
  ["a different value for each secret", {
    STATE_SECRET: MINIMUM.ENCRYPTION_KEY!,
  }, [
    "STATE_SECRET must not repeat another secret",
    "ENCRYPTION_KEY must not repeat another secret",
  ]],
  ["every secret", {
    INTERNAL_API_KEY: "",
    STATE_SECRET: "",
    ENCRYPTION_KEY: "",
  }, [
    "INTERNAL_API_KEY is not set: create one with `openssl rand -base64 32`",
    "STATE_SECRET is not set: create one with `openssl rand -base64 32`",
    "ENCRYPTION_KEY is not set: create one with `openssl rand -base64 32`",
  ]],
];

for (const [demand, variables, problems] of PRODUCTION_DEMANDS) {
  Deno.test(`readConfig: requires in production ${demand}`, () => {
    assert.deepEqual(listProblems({ ...PRODUCTION, ...variables }), problems);
  });
}

Deno.test("readConfig: lists production's problems with all others", () => {
  const problems = listProblems({
    ...PRODUCTION,
    PORT: "70000",
    ALLOWED_ATHLETES: "",
    STATE_SECRET: "short",
  });
  assert.deepEqual(problems, [
    'PORT must be a number from 0 to 65535, not "70000"',
    "STATE_SECRET must have at least 32 bytes: create one with `openssl rand -base64 32`",
    "STATE_SECRET is easy to guess: create one with `openssl rand -base64 32`",
    'ALLOWED_ATHLETES is not set: list the Strava athlete ids that may connect, or use "first"',
  ]);
});

Deno.test('readConfig: production takes ALLOWED_ATHLETES "first" when it is said', () => {
  const { allowedAthletes } = read({
    ...PRODUCTION,
    ALLOWED_ATHLETES: "first",
  });
  assert.equal(allowedAthletes, "first");
});

Deno.test("readConfig: counts the length of a secret in bytes", () => {
  const secret = "äöüß".repeat(4);
  assert.equal(new TextEncoder().encode(secret).length, 32);
  assert.equal(read({ ...MINIMUM, STATE_SECRET: secret }).stateSecret, secret);
  const short = secret.slice(1);
  assert.equal(listProblems({ ...MINIMUM, STATE_SECRET: short }).length, 1);
});

Deno.test("readConfig: refuses an API key that no header can carry", () => {
  for (const odd of ["ä".repeat(32), `${"a".repeat(20)} ${"b".repeat(20)}`]) {
    assert.deepEqual(listProblems({ ...MINIMUM, INTERNAL_API_KEY: odd }), [
      "INTERNAL_API_KEY must be ASCII without spaces, because it is sent in a header",
    ]);
  }
});

Deno.test("readConfig: accepts plausible heart rates only, max above rest", () => {
  for (const rest of ["19", "101", "60.5", "-60", "1e2"]) {
    assert.deepEqual(listProblems({ ...MINIMUM, ATHLETE_REST_HR: rest }), [
      "ATHLETE_REST_HR must be a whole number of beats per minute, from 20 to 100",
    ]);
  }
  for (const max of ["100", "251"]) {
    assert.deepEqual(listProblems({ ...MINIMUM, ATHLETE_MAX_HR: max }), [
      "ATHLETE_MAX_HR must be a whole number of beats per minute, from 101 to 250",
    ]);
  }
});

const PARTS: Variables = {
  ...MINIMUM,
  DATABASE_URL: "",
  POSTGRES_HOST: "db",
  POSTGRES_PASSWORD: "plain",
};

Deno.test("readConfig: composes DATABASE_URL from POSTGRES_*", () => {
  assert.equal(
    read(PARTS).databaseUrl,
    "postgres://paceline:plain@db:5432/paceline",
  );
  const { databaseUrl } = read({
    ...PARTS,
    POSTGRES_USER: "me",
    POSTGRES_DB: "runs",
    POSTGRES_PORT: "6543",
  });
  assert.equal(databaseUrl, "postgres://me:plain@db:6543/runs");
});

Deno.test("readConfig: takes DATABASE_DIRECT_URL for the owner's by default", () => {
  const direct = "postgres://user@direct.test/paceline";
  const config = read({ ...MINIMUM, DATABASE_DIRECT_URL: direct });
  assert.equal(config.databaseOwnerUrl, direct);
  assert.equal(config.databaseUrl, MINIMUM.DATABASE_URL);
});

Deno.test("readConfig: derives a role for the server with POSTGRES_APP_USER", () => {
  const variables = { ...PARTS, POSTGRES_APP_USER: "a/pp" };
  const config = read(variables);
  const { username, password, host, pathname } = new URL(config.databaseUrl);

  assert.equal(
    config.databaseOwnerUrl,
    "postgres://paceline:plain@db:5432/paceline",
  );
  assert.equal(config.databaseDirectUrl, config.databaseUrl);
  assert.equal(config.createsRole, true);
  assert.deepEqual([username, host, pathname], [
    "a%2Fpp",
    "db:5432",
    "/paceline",
  ]);
  assert.match(password, /^[\w-]{43}$/);
  // The same at each start, and another for each owner's password and role.
  assert.equal(read(variables).databaseUrl, config.databaseUrl);
  for (
    const other of [{ POSTGRES_APP_USER: "b" }, { POSTGRES_PASSWORD: "q" }]
  ) {
    const { databaseUrl } = read({ ...variables, ...other });
    assert.notEqual(new URL(databaseUrl).password, password);
  }
});

Deno.test("readConfig: refuses one role for both of POSTGRES_USER and POSTGRES_APP_USER", () => {
  assert.deepEqual(listProblems({ ...PARTS, POSTGRES_APP_USER: "paceline" }), [
    "POSTGRES_APP_USER must be another role than POSTGRES_USER, which owns the tables",
  ]);
});

Deno.test("readConfig: escapes POSTGRES_PASSWORD", () => {
  const password = "p@ss:/w?o#r%d&=+ \"'\\[]{}|^`~ä€🏃%41";
  const { databaseUrl } = read({
    ...PARTS,
    POSTGRES_PASSWORD: password,
    POSTGRES_USER: "us/er@home",
    POSTGRES_DB: "my runs?",
  });
  const url = new URL(databaseUrl);
  assert.equal(url.host, "db:5432");
  assert.equal(decodeURIComponent(url.password), password);
  assert.equal(decodeURIComponent(url.username), "us/er@home");
  assert.equal(decodeURIComponent(url.pathname), "/my runs?");
  assert.equal(url.search, "");
});

Deno.test("readConfig: prefers DATABASE_URL to POSTGRES_*", () => {
  const { DATABASE_URL } = MINIMUM;
  const config = read({ ...PARTS, DATABASE_URL: DATABASE_URL! });
  assert.equal(config.databaseUrl, DATABASE_URL);
});

Deno.test("readConfig: names the POSTGRES_* variable that is missing or wrong", () => {
  const cases: [Variables, string][] = [
    [
      { POSTGRES_PASSWORD: "" },
      "POSTGRES_PASSWORD is not set: POSTGRES_HOST needs it, or use DATABASE_URL instead of both",
    ],
    ...["abc", "0", "-1", "65536", "54 32", "5432/x"].map((
      port,
    ): [Variables, string] => [
      { POSTGRES_PORT: port },
      "POSTGRES_PORT must be a number from 1 to 65535",
    ]),
    ...["db:5432", "a b", "[db"].map((host): [Variables, string] => [
      { POSTGRES_HOST: host },
      "POSTGRES_HOST must be a host name or address without a port, such as db.example.com",
    ]),
  ];
  for (const [variables, problem] of cases) {
    assert.deepEqual(listProblems({ ...PARTS, ...variables }), [problem]);
  }
});

Deno.test("readConfig: ignores POSTGRES_PASSWORD without a host", () => {
  assert.match(
    listProblems({ ...PARTS, POSTGRES_HOST: "" }).join(),
    /^DATABASE_URL is not set/,
  );
});

Deno.test("readConfig: parses ALLOWED_ATHLETES as `first` or a list of ids", () => {
  const good: [string, Config["allowedAthletes"]][] = [
    ["first", "first"],
    ["1", [1]],
    ["700001,700002", [700_001, 700_002]],
    [" 700001 ,\t700002 ", [700_001, 700_002]],
    ["999999999999999", [999_999_999_999_999]],
  ];
  for (const [text, allowed] of good) {
    const config = read({ ...MINIMUM, ALLOWED_ATHLETES: text });
    assert.deepEqual(config.allowedAthletes, allowed, text);
  }
  const bad = [
    "First",
    "first,1",
    "0",
    "01",
    "-1",
    "+1",
    "1.5",
    "1e3",
    "1,",
    ",1",
    "1,,2",
    "1 2",
    "*",
    "٣",
    // No number represents it exactly: another athlete would be allowed.
    "9007199254740993",
  ];
  for (const text of bad) {
    const problems = listProblems({ ...MINIMUM, ALLOWED_ATHLETES: text });
    assert.deepEqual(problems, [
      'ALLOWED_ATHLETES must be "first" or a comma-separated list of Strava athlete ids',
    ], text);
  }
});

Deno.test("readConfig: refuses a SYNC_CRON that the scheduler would refuse or misread", () => {
  const good = [
    "0 * * * *",
    "*/7 * * * *",
    "15 6 * * MON",
    "0  8-20/2 1,15 JAN-JUN MON-FRI",
  ];
  for (const cron of good) {
    assert.equal(read({ ...MINIMUM, SYNC_CRON: cron }).syncCron, cron);
  }
  const bad = [
    "hourly",
    "@hourly",
    "* * * *",
    "0 * * * * *",
    "0 0 * * 1",
    "0 0 * * MON#1",
    "60 * * * *",
    "* 24 * * *",
    "*/0 * * * *",
    "0 0 ? * *",
    "0 0 * * +MON",
    "x".repeat(100_000),
  ];
  for (const cron of bad) {
    const problems = listProblems({ ...MINIMUM, SYNC_CRON: cron });
    assert.deepEqual(problems, [
      'SYNC_CRON must be five cron fields in UTC, weekdays by name, such as "0 * * * *" or "15 6 * * MON"',
    ], cron.slice(0, 50));
  }
});

Deno.test("readConfig: parses STRAVA_RETENTION as `forever` or days", () => {
  const days = (value: string) =>
    read({ ...MINIMUM, STRAVA_RETENTION: value }).retentionDays;
  assert.equal(days("forever"), null);
  assert.deepEqual([days("1"), days("7"), days("36500")], [1, 7, 36_500]);

  for (
    const value of ["0", "36501", "99999", "-7", "7.5", "07", "7d", "never"]
  ) {
    assert.deepEqual(listProblems({ ...MINIMUM, STRAVA_RETENTION: value }), [
      'STRAVA_RETENTION must be "forever" or a whole number of days from 1 to 36500',
    ]);
  }
});

Deno.test("readConfig: accepts a PORT up to 65535", () => {
  assert.equal(read({ ...MINIMUM, PORT: "0" }).port, 0);
  assert.equal(read({ ...MINIMUM, PORT: "65535" }).port, 65_535);
  for (
    const port of ["65536", "-1", "5001.5", "0x10", "1e3", "٥", "9".repeat(400)]
  ) {
    assert.deepEqual(listProblems({ ...MINIMUM, PORT: port }), [
      `PORT must be a number from 0 to 65535${
        port.length > 20 ? "" : `, not "${port}"`
      }`,
    ], port);
  }
});

Deno.test("PROCESSES: is a number from 1 to 64, or one for each core", () => {
  const count = (PROCESSES: string): number =>
    read({ ...MINIMUM, PROCESSES }).processes;
  assert.deepEqual(["1", "9", "10", "64"].map(count), [1, 9, 10, 64]);
  assert.equal(count("auto"), Math.min(navigator.hardwareConcurrency, 16));
  for (
    const PROCESSES of [
      ...["0", "65", "100", "1000", "-1", "1.5", "01", "2 3"],
      ...["abc", "AUTO", "auto,2", "1e1", "٣", "9".repeat(500)],
    ]
  ) {
    assert.deepEqual(listProblems({ ...MINIMUM, PROCESSES }), [
      "PROCESSES must be auto or a number from 1 to 64",
    ]);
  }
});

Deno.test("readConfig: encodes FRONTEND_URL for a Location header", () => {
  const good: [string, string][] = [
    ["https://example.com///", "https://example.com"],
    ["HTTPS://Example.com:443/App", "https://example.com/App"],
    [
      "https://пример.рф/бег",
      "https://xn--e1afmkfd.xn--p1ai/%D0%B1%D0%B5%D0%B3",
    ],
    ["https://exam\r\nple.com/", "https://example.com"],
  ];
  for (const [text, frontendUrl] of good) {
    const config = read({ ...MINIMUM, FRONTEND_URL: text });
    assert.equal(config.frontendUrl, frontendUrl);
  }
  const bad = [
    "example.com",
    "//example.com",
    "ftp://example.com",
    "javascript:alert(1)",
    "https://",
    "https://example.com/?a=b",
    "https://example.com/#/app",
    "*",
  ];
  for (const text of bad) {
    assert.deepEqual(listProblems({ ...MINIMUM, FRONTEND_URL: text }), [
      "FRONTEND_URL must be an http:// or https:// URL without ? or #",
    ], text);
  }
});

Deno.test("readConfig: takes the path from PUBLIC_URL, else from STRAVA_REDIRECT_URI", () => {
  for (
    const [PUBLIC_URL, STRAVA_REDIRECT_URI, basePath] of [
      ["https://x.test", "", ""],
      ["https://x.test/", "https://x.test/strava/callback", ""],
      ["https://x.test/paceline", "", "/paceline"],
      ["https://x.test/a/b/", "https://x.test/c/strava/callback", "/a/b"],
      ["", "https://x.test/paceline/strava/callback", "/paceline"],
      ["https://y.test", "https://x.test/api/strava/callback", "/api"],
      ["https://x.test/strava", "", "/strava"],
      ["https://x.test/docs2", "", "/docs2"],
      ["https://x.test/läufe", "", "/l%C3%A4ufe"],
      // Paths that cannot lead here: the proxy must rewrite them.
      ["", "https://x.test/docs/strava/callback", ""],
      ["", "https://x.test//strava/callback", ""],
      ["", "https://x.test/login/return", ""],
    ] as const
  ) {
    const config = read({ ...MINIMUM, PUBLIC_URL, STRAVA_REDIRECT_URI });
    assert.equal(
      config.basePath,
      basePath,
      `${PUBLIC_URL} ${STRAVA_REDIRECT_URI}`,
    );
  }
});

Deno.test("readConfig: refuses a PUBLIC_URL whose path cannot work", () => {
  for (
    const path of [
      ...["/docs", "/docs/", "/redoc", "/trpc", "/trpc/x", "/openapi.json"],
      ...["//x", "/a//b", "/a&b", "/a'b", "/a;b", "/a:b@c"],
    ]
  ) {
    assert.deepEqual(
      listProblems({ ...MINIMUM, PUBLIC_URL: `https://x.test${path}` }),
      [PATH_PROBLEM],
      path,
    );
  }
});

const PATH_PROBLEM =
  "PUBLIC_URL must have a path of letters, digits and . _ ~ - only, and none of /docs, /openapi.json, /redoc and /trpc";

Deno.test("readConfig: enables push events when both settings are there", () => {
  const both = {
    PUBLIC_URL: "http://api.example.com",
    WEBHOOK_VERIFY_TOKEN: "a-word-of-mine",
  };
  for (const name of ["PUBLIC_URL", "WEBHOOK_VERIFY_TOKEN"] as const) {
    assert.equal(read({ ...MINIMUM, [name]: both[name] }).webhook, undefined);
  }
  assert.ok(read({ ...MINIMUM, ...both }).webhook);
  assert.deepEqual(listProblems({ ...PRODUCTION, ...both }), [
    "PUBLIC_URL must be https:// in production, such as https://api.example.com",
  ]);
  assert.deepEqual(
    listProblems({ ...MINIMUM, ...both, WEBHOOK_VERIFY_TOKEN: "short" }),
    ["WEBHOOK_VERIFY_TOKEN must have at least 8 characters"],
  );
  for (const days of ["31", "-1", "1.5", "a", "007"]) {
    assert.deepEqual(
      listProblems({ ...MINIMUM, DEAUTHORIZE_GRACE_DAYS: days }),
      ["DEAUTHORIZE_GRACE_DAYS must be a number from 0 to 30"],
      days,
    );
  }
});

Deno.test("readConfig: refuses anything but origins in CORS_ORIGINS", () => {
  for (const text of ["*", "null", "https://example.com/path", "example.com"]) {
    assert.deepEqual(listProblems({ ...MINIMUM, CORS_ORIGINS: text }), [
      "CORS_ORIGINS must be a comma-separated list of origins such as https://example.com",
    ], text);
  }
});

Deno.test("readConfig: spares this machine only in development and by default", () => {
  const isSpared = (variables: Variables): boolean =>
    read({ ...MINIMUM, ...variables }).limits.exemptLoopback;
  assert.ok(isSpared({ MAX_STREAMS: "5" }));
  assert.ok(!isSpared({ RATE_LIMIT: "2000" }));
  assert.ok(!isSpared({ MAX_CONCURRENT_REQUESTS: "50" }));
  assert.ok(!isSpared(PRODUCTION));
});

Deno.test("readConfig: allows the host of HOST unless it means every address", () => {
  const listOwn = (HOST: string): readonly string[] =>
    read({ ...MINIMUM, HOST }).allowedHosts.slice(3);
  assert.deepEqual(listOwn("192.168.1.5"), ["192.168.1.5"]);
  assert.deepEqual(listOwn("0.0.0.0"), []);
  assert.deepEqual(listOwn("::"), []);
});

Deno.test("readConfig: refuses anything but host names in ALLOWED_HOSTS", () => {
  for (const text of ["*", "https://a.test", "a.test:80", "a.test/b", "a b"]) {
    assert.deepEqual(listProblems({ ...MINIMUM, ALLOWED_HOSTS: text }), [
      "ALLOWED_HOSTS must be a comma-separated list of host names or addresses without port, such as api.example.com",
    ], text);
  }
});

Deno.test("readConfig: refuses limits that are not whole numbers", () => {
  for (const text of ["0", "-1", "1.5", "many", "100000000"]) {
    assert.deepEqual(listProblems({ ...MINIMUM, RATE_LIMIT: text }), [
      'RATE_LIMIT must be "off" or a whole number of units a minute from 1 to 9999999',
    ], text);
    assert.deepEqual(listProblems({ ...MINIMUM, MAX_STREAMS: text }), [
      "MAX_STREAMS must be a whole number from 1 to 99999",
    ], text);
  }
});

Deno.test("readConfig: survives huge values", () => {
  const huge = "a".repeat(1_000_000);
  for (const name of VARIABLES) {
    for (const problem of listProblems({ ...MINIMUM, [name]: huge })) {
      assert.ok(problem.length < 300 && problem.startsWith(name), name);
    }
  }
});

Deno.test("VARIABLES: .env.example lists each exactly once", async () => {
  const text = await Deno.readTextFile(new URL(".env.example", ROOT));
  const names = [...text.matchAll(/^#?\s*([A-Z][A-Z0-9_]*)=/gm)]
    .map(([, name]) => name);
  assert.deepEqual(names.toSorted(), [...VARIABLES]);
});

Deno.test("VARIABLES: .env.example unedited changes no setting", async () => {
  const text = await Deno.readTextFile(new URL(".env.example", ROOT));
  const values = [...text.matchAll(/^[A-Z][A-Z0-9_]*=(.*)$/gm)]
    .map(([, value]) => value?.trim());
  assert.deepEqual(values.filter((value) => value !== ""), []);
});

Deno.test("VARIABLES: docs/settings.md lists each exactly once", async () => {
  const text = await Deno.readTextFile(new URL("docs/settings.md", ROOT));
  const [table] = text.match(/^\| Variable .*\n(\|.*\n)+/m) ?? [];
  assert.ok(
    table,
    "docs/settings.md has a table whose first column is Variable",
  );
  // `POSTGRES_*` are described in the row of DATABASE_URL.
  const names = table.split("\n").flatMap((row) => {
    const [, name = "", , notes = ""] = row.split("|");
    const parts = name.includes("DATABASE_URL") ? notes : "";
    return [...`${name} ${parts}`.matchAll(/`([A-Z][A-Z0-9_]*)`/g)]
      .map(([, found]) => found);
  });
  assert.deepEqual(names.toSorted(), [...VARIABLES]);
});

Deno.test("VARIABLES: docs/settings.md states the real defaults", async () => {
  const text = await Deno.readTextFile(new URL("docs/settings.md", ROOT));
  const config = read(MINIMUM);
  const defaults: [Variable, string][] = [
    ["STRAVA_API_URL", config.strava.apiUrl],
    ["STRAVA_OAUTH_URL", config.strava.oauthUrl],
    ["ALLOWED_ATHLETES", "first"],
    ["PUBLIC_STATS", String(config.publicStats)],
    ["PUBLIC_VISIBILITY", config.publicVisibility.join(",")],
    ["PUBLIC_TOTALS", config.publicTotals],
    ["ATHLETE_REST_HR", String(config.heart.rest)],
    ["SIGNUP", config.signup],
    ["TRUSTED_PROXIES", String(config.trustedProxies)],
    ["RATE_LIMIT", String(config.limits.rate)],
    ["MAX_CONCURRENT_REQUESTS", String(config.limits.concurrent)],
    ["MAX_STREAMS", String(config.limits.streams)],
    ["AUDIT_RETENTION", String(config.auditRetentionDays)],
    ["FRONTEND_URL", config.frontendUrl],
    ["ENVIRONMENT", config.environment],
    ["PORT", String(config.port)],
    ["HOST", config.host],
    ["KEEP_ORIGINALS", String(config.keepOriginals)],
    ["STRAVA_RETENTION", "forever"],
    ["SYNC_CRON", config.syncCron],
    ["ON_DEAUTHORIZE", config.onDeauthorize],
    ["DEAUTHORIZE_GRACE_DAYS", String(config.deauthorizeGraceDays)],
    ["LOG_LEVEL", config.logLevel],
    ["LOG_FORMAT", config.logFormat],
  ];
  for (const [name, value] of defaults) {
    const row = text.split("\n").find((line) =>
      line.startsWith("|") && line.split("|")[1]?.includes(`\`${name}\``)
    );
    assert.ok(row?.split("|")[2]?.includes(`\`${value}\``), `${name}: ${row}`);
  }
});

Deno.test("HOST: gives addresses that open, for every form of address", () => {
  for (
    const [host, listen, url] of [
      ["0.0.0.0", "0.0.0.0", "http://localhost:5001"],
      ["::", "::", "http://localhost:5001"],
      ["::1", "::1", "http://localhost:5001"],
      ["[::]", "::", "http://localhost:5001"],
      ["[::1]", "::1", "http://localhost:5001"],
      ["localhost", "localhost", "http://localhost:5001"],
      ["192.0.2.7", "192.0.2.7", "http://192.0.2.7:5001"],
      ["box.test", "box.test", "http://box.test:5001"],
      ["[fd00::5]", "fd00::5", "http://[fd00::5]:5001"],
    ] as const
  ) {
    const config = read({ ...MINIMUM, HOST: host });
    assert.equal(config.host, listen, host);
    assert.equal(config.strava.redirectUri, `${url}/strava/callback`, host);
    assert.ok(config.allowedHosts.includes(new URL(url).hostname), host);
  }
});
