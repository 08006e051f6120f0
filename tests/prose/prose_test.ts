import assert from "node:assert/strict";
import { ROOT } from "../../cli/root.ts";
import { createChecker, parseRules } from "./find_phrases.ts";

const SCRIPT = `${ROOT}/tests/prose/check.ts`;
const LIST = await Deno.readTextFile(`${ROOT}/tests/prose/banned_phrases.txt`);

const check = createChecker(parseRules(LIST));

/** Returns the findings in a file as "line: phrase". */
function find(path: string, text: string): string[] {
  return check(path, text).map(({ line, phrase }) => `${line}: ${phrase}`);
}

Deno.test("prose: finds each kind of phrase in comments", () => {
  const text = `
/** What a caller may see. */
const a = 1;

/**
 * Returns the row. Who asks
 * twice gets the same
 * one anew.
 */
const b = 2; // whose it is

// Of two rows the
// later stands here.
const c = 3; /* How many there are */
`;
  assert.deepEqual(find("a.ts", text), [
    '2: opens with "What"',
    '6: opens with "Who"',
    "8: anew",
    '10: opens with "whose"',
    '12: opens with "Of"',
    "13: stands",
    '14: opens with "How many"',
  ]);
});

Deno.test("prose: finds phrases that are broken over two lines", () => {
  assert.deepEqual(find("a.ts", "// The address is\n// none at all.\n"), [
    "1: is none",
  ]);
  assert.deepEqual(find("a.md", "A token is good\nfor ten minutes.\n"), [
    "1: good for",
  ]);
});

Deno.test("prose: finds phrases in messages, with code between them", () => {
  const text = [
    'throw new Error("The address is none");',
    "const text = `Link good for ${format(`${n} minutes`)}, told of\nanew`;",
    'const other = { description: "Which athlete it belongs to" };',
  ].join("\n");
  assert.deepEqual(find("a.ts", text), [
    "1: is none",
    "2: told of",
    "2: good for",
    "3: anew",
    '4: opens with "Which"',
  ]);
});

Deno.test("prose: finds test names that are too long or riddles", () => {
  const text = `
Deno.test("sync: who dies amid a page loses nothing", () => {});
Deno.test({ ignore: true, name: "what is left", fn() {} });
await t.step(\`${"a".repeat(77)}\${b}bc\`, () => {});
await t.step("${"a".repeat(81)}", () => {});
await t.step("${"a".repeat(80)}", () => {});
`;
  assert.deepEqual(find("a_test.ts", text), [
    "2: amid",
    '2: opens with "who"',
    '3: opens with "what"',
    "5: test name of 81 characters",
  ]);
});

Deno.test("prose: finds phrases in Markdown, JSX, HTML, SQL and # comments", () => {
  const markdown = `# Whoever reads

## What is stored

- Who asks gets it. What remains?

| What | Where |
| ---- | ----- |
| Which it is | a table |
`;
  assert.deepEqual(find("a.md", markdown), [
    "1: Whoever",
    '5: opens with "Who"',
    '9: opens with "Which"',
  ]);
  assert.deepEqual(find("a.tsx", "<p>\n  It's told of.\n</p>;"), [
    "2: told of",
  ]);
  assert.deepEqual(find("a.html", "<p>It is <b>told</b> of</p>"), [
    "1: told of",
  ]);
  assert.deepEqual(find("a.sql", "-- Whose row it is.\nselect 1;\n"), [
    '1: opens with "Whose"',
  ]);
  for (const path of [".env.example", "a.yml", "Dockerfile", ".ci/run"]) {
    assert.deepEqual(find(path, "#!/bin/sh\n# What it is\na: 1 # anew\n"), [
      '2: opens with "What"',
      "3: anew",
    ]);
  }
  assert.deepEqual(find("run.sh", 'echo "It is none"\n'), ["1: is none"]);
  assert.deepEqual(find("a.json", '{ "description": "Lists anew" }'), [
    "1: anew",
  ]);
});

Deno.test("prose: passes plain text, code and regular expressions", () => {
  const script = `
/** Returns the row. That keeps the lock short; there is no second one. */
const stands = /"what is none"|[/]/.test(anew) / 2; // besides, it stands for \`anew\`
const question = "Which athlete should be exported?";
const url = "https://example.com/anew"; const isNone = a / "what";
/**
 * Reads a list.
 *
 * \`\`\`ts
 * const meanwhile = 1; // told of
 * \`\`\`
 */
`;
  assert.deepEqual(find("a.ts", script), []);
  const markdown = "## Who may read\n\n```sh\nbeside # anew\n```\n\n" +
    "See [the page](told of.md) and `good for`.\n";
  assert.deepEqual(find("a.md", markdown), []);
  assert.deepEqual(find("a.png", "anew"), []);
});

Deno.test("parseRules: reads places and suggestions, and names a bad pattern", () => {
  assert.deepEqual(parseRules("# comment\n\n^ What => a verb\n. Who\na b\tc"), [
    { place: "opening", pattern: "What", suggestion: "a verb" },
    { place: "sentence", pattern: "Who", suggestion: "rewrite" },
    { place: "anywhere", pattern: "a\\s+b", suggestion: "c" },
  ]);
  assert.throws(() => parseRules("ok\n(open"), /line 2: "\(open"/);
});

Deno.test("check.ts: reports files and lines, and exits with 1, 0 or 2", async () => {
  const dir = await Deno.makeTempDir();
  await using _ = {
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
  async function run(command: string, ...args: string[]) {
    const { code, stdout } = await new Deno.Command(command, {
      args,
      cwd: dir,
      stderr: "null",
    }).output();
    return { code, output: new TextDecoder().decode(stdout) };
  }
  const runCheck = (...paths: string[]) =>
    run(
      Deno.execPath(),
      ...["run", "--allow-read", "--allow-run=git", SCRIPT, ...paths],
    );
  await run("git", "init", "--quiet");
  await Deno.mkdir(`${dir}/docs`);
  await Deno.writeTextFile(`${dir}/docs/a.md`, "One\n\nTold of anew.\n");
  await Deno.writeTextFile(`${dir}/docs/openapi.json`, '"told of anew"\n');
  await Deno.writeTextFile(`${dir}/clean.ts`, "/** Returns one. */\n");
  await Deno.writeTextFile(`${dir}/ignored.md`, "Whoever\n");
  await Deno.writeTextFile(`${dir}/.gitignore`, "ignored.md\n");

  const all = await runCheck();
  assert.equal(all.code, 1);
  assert.deepEqual(all.output.replaceAll(/ -> .*/g, "").trim().split("\n"), [
    "docs/a.md:3: anew",
    "docs/a.md:3: Told of",
  ]);
  assert.deepEqual(await runCheck("docs"), all);
  assert.deepEqual(await runCheck("clean.ts"), { code: 0, output: "" });
  assert.equal((await runCheck("missing.ts")).code, 2);
  assert.equal((await runCheck("--verbose")).code, 2);
});
