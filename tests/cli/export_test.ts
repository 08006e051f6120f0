import assert from "node:assert/strict";
import { copyActivities } from "../support/activities.ts";
import { deleteActivities } from "../../db/deleted_activities.ts";
import { LAUNCH, toSettings } from "../support/program.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../support/app.ts";
import { runCommand } from "../support/command.ts";
import { connectWithoutSync, until } from "../support/sync.ts";

const OTHER_ID = 700_002;

interface Line {
  kind: string;
  // deno-lint-ignore no-explicit-any -- a row of any table
  data: any;
}

async function runExport(
  test: TestApp,
  athleteId?: number,
): Promise<{ code: number; text: string; said: string[]; lines: Line[] }> {
  const { code, printed, said } = await runCommand(test, [
    "export",
    ...(athleteId === undefined ? [] : [`--athlete=${athleteId}`]),
  ]);
  const lines = printed.split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  return { code, text: printed, said: said.split("\n"), lines };
}

async function createSynced(): Promise<TestApp> {
  return await createTestApp({ synced: true, activities: createHistory(5) });
}

Deno.test("export: writes all data of the athlete and a last line with the counts", async () => {
  await using test = await createSynced();
  const { sql } = test.deps;
  const [{ id: deleted }] = await sql<
    [{ id: number }]
  >`select min(id) as id from activities`;
  await deleteActivities(sql, {
    athleteId: ATHLETE_ID,
    ids: [deleted],
    now: new Date(test.clock.now),
  });

  const { code, lines, said } = await runExport(test);

  assert.equal(code, 0);
  const [first] = lines;
  assert.equal(first!.kind, "archive");
  assert.deepEqual(
    [first!.data.format, first!.data.version, first!.data.athlete_id],
    ["paceline-archive", 1, ATHLETE_ID],
  );
  assert.deepEqual(lines.at(-1), {
    kind: "end",
    data: {
      counts: {
        athlete: 1,
        grant: 1,
        sync_state: 1,
        sync_run: 1,
        activity: 5,
        athlete_value: 1,
      },
    },
  });
  const activities = lines.filter(({ kind }) => kind === "activity");
  for (const { data } of activities) {
    const raw = test.strava.athletes.get(ATHLETE_ID)!.activities.get(data.id)!;
    assert.equal(data.athlete_id, ATHLETE_ID);
    assert.equal(data.name, raw.name);
    assert.equal(data.raw.id, raw.id);
    assert.equal(data.raw.start_date, raw.start_date);
    assert.equal(data.start_date_local, raw.start_date_local.slice(0, 19));
    assert.equal(data.deleted_at !== null, data.id === deleted);
  }
  assert.match(
    said.at(-1)!,
    /^Exported athlete 700001, .*: .*5 activity, 1 athlete_value$/,
  );
});

Deno.test("export: contains neither tokens nor secrets", async () => {
  await using test = await createSynced();
  const { sql, seal } = test.deps;
  const [grant] = await sql`select access_token, refresh_token from grants`;

  const { text } = await runExport(test);

  for (const column of ["access_token", "refresh_token"] as const) {
    const sealed = grant![column];
    const open = await seal.open(sealed, { athleteId: ATHLETE_ID, column });
    assert.ok(!text.includes(sealed) && !text.includes(open), column);
  }
  for (const secret of [test.config.internalApiKey, test.config.stateSecret]) {
    assert.ok(!text.includes(secret));
  }
  assert.doesNotMatch(text, /token/);
});

Deno.test("export: needs --athlete if there are several, and exports only that one", async () => {
  await using test = await createSynced();
  await connectWithoutSync(test, OTHER_ID);

  const unnamed = await runExport(test);
  const unknown = await runExport(test, 7);
  const named = await runExport(test, OTHER_ID);

  for (const { code, text, said } of [unnamed, unknown]) {
    assert.deepEqual([code, text], [1, ""]);
    assert.match(said.join("\n"), /--athlete 700001 .*\n.*--athlete 700002/);
  }
  assert.match(unnamed.said[0]!, /^There is more than one athlete/);
  assert.match(unknown.said[0]!, /^There is no athlete 7\./);
  assert.equal(named.code, 0);
  assert.ok(!named.text.includes(String(ATHLETE_ID)));
});

Deno.test("export: reports a database without athletes", async () => {
  await using test = await createTestApp();

  const { code, text, said } = await runExport(test);

  assert.deepEqual([code, text], [1, ""]);
  assert.deepEqual(said, ["There is no athlete in the database"]);
});

Deno.test("export: works for a disconnected athlete", async () => {
  await using test = await createSynced();
  await test.post("/strava/admin/disconnect", { key: true });

  const { code, lines } = await runExport(test);

  assert.equal(code, 0);
  assert.equal(lines.at(-1)!.data.counts.activity, 5);
  assert.equal(lines.at(-1)!.data.counts.grant, undefined);
});

const TASK = [...LAUNCH, "export"];

function toEnvironment(
  { config }: TestApp,
  cwd: string,
): Record<string, string> {
  return {
    INIT_CWD: cwd,
    ENVIRONMENT: "development",
    ...toSettings(config),
    NO_COLOR: "1",
  };
}

/** Runs a shell script in which `TASK` means the command of `deno task export`. */
async function shell(
  test: TestApp,
  script: string,
  cwd: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const task = [Deno.execPath(), ...TASK].join(" ");
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", script.replaceAll("TASK", task)],
    cwd,
    env: toEnvironment(test, cwd),
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

async function listFolder(path: string): Promise<string[]> {
  const names = [];
  for await (const { name } of Deno.readDir(path)) names.push(name);
  return names.sort();
}

async function makeFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

function readLast(text: string): Line {
  assert.ok(text.endsWith("\n"));
  return JSON.parse(text.trimEnd().split("\n").at(-1)!);
}

Deno.test("deno task export: writes a private file and replaces it only with --force", async () => {
  await using test = await createSynced();
  await using folder = await makeFolder();
  const file = `${folder.path}/me.jsonl`;

  const first = await shell(test, "TASK --output me.jsonl", folder.path);
  const text = await Deno.readTextFile(file);
  const { mode } = await Deno.stat(file);
  await Deno.writeTextFile(file, "mine");
  const second = await shell(test, "TASK --output me.jsonl", folder.path);
  const kept = await Deno.readTextFile(file);
  const forced = await shell(
    test,
    "TASK --output me.jsonl --force",
    folder.path,
  );

  assert.deepEqual([first.code, first.stdout], [0, ""], first.stderr);
  assert.equal(readLast(text).kind, "end");
  assert.equal(mode! & 0o777, 0o600);
  assert.deepEqual([second.code, kept], [2, "mine"]);
  assert.match(second.stderr, /me\.jsonl" exists already: .*--force/);
  assert.equal(forced.code, 0);
  assert.equal(readLast(await Deno.readTextFile(file)).kind, "end");
  assert.deepEqual(await listFolder(folder.path), ["me.jsonl"]);
});

Deno.test("deno task export: leaves no file after a failure", async () => {
  await using test = await createSynced();
  await using folder = await makeFolder();

  const unknown = await shell(
    test,
    "TASK --athlete 7 --output me.jsonl",
    folder.path,
  );
  const nowhere = await shell(test, "TASK --output no/me.jsonl", folder.path);
  const format = await shell(test, "TASK --format csv", folder.path);

  assert.deepEqual([unknown.code, nowhere.code, format.code], [1, 2, 2]);
  assert.match(unknown.stderr, /There is no athlete 7/);
  assert.match(nowhere.stderr, /there is no folder/);
  assert.match(format.stderr, /Invalid format "csv": expected jsonl/);
  assert.deepEqual(await listFolder(folder.path), []);
});

Deno.test("deno task export: writes to a pipe and ends quietly when that is closed", async () => {
  await using test = await createSynced();
  await using folder = await makeFolder();
  const { sql } = test.deps;
  await copyActivities(sql, {
    changes: sql`jsonb_build_object('id', number)`,
    from: sql`
      activities, generate_series(1, 3000) as number
      where id = (select min(id) from activities)
    `,
  });

  const piped = await shell(test, "TASK | tail -n 1", folder.path);
  const head = await shell(
    test,
    "TASK --output - | head -n 1; exit ${PIPESTATUS[0]}",
    folder.path,
  );

  assert.deepEqual(readLast(piped.stdout).data.counts.activity, 3005);
  assert.equal(JSON.parse(head.stdout).kind, "archive");
  assert.deepEqual([head.code, head.stderr], [141, ""]);
});

Deno.test("deno task export: ends at SIGTERM and leaves no file", async () => {
  await using test = await createSynced();
  await using folder = await makeFolder();

  const { code } = await test.deps.sql.begin(async (sql) => {
    await sql`lock table activities`; // stops the export here
    await using task = new Deno.Command(Deno.execPath(), {
      args: [...TASK, "--output", "me.jsonl"],
      env: toEnvironment(test, folder.path),
    }).spawn();
    const hasBegun = async () => (await listFolder(folder.path)).length > 0;
    await until(hasBegun, "the export to begin");
    task.kill("SIGTERM");
    return await task.status;
  });

  assert.notEqual(code, 0);
  assert.deepEqual(await listFolder(folder.path), []);
});
