import assert from "node:assert/strict";
import { runCommandLine } from "../../cli/command_line.ts";
import { ROOT } from "../../cli/root.ts";
import { parseJob } from "../support/command.ts";

interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the launcher without any permission, which suffices for help and mistakes. */
async function launch(...args: string[]): Promise<Output> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "cli/launch.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** Reads a command line that must not reach a command. */
async function refuse(
  args: readonly string[],
  { isTerminal = false }: { isTerminal?: boolean } = {},
): Promise<Output> {
  const output = { code: 0, stdout: "", stderr: "" };
  output.code = await runCommandLine(args, {
    isTerminal,
    execute: ({ name }) => assert.fail(`${name} was run`),
    print: (line) => void (output.stdout += `${line}\n`),
    say: (line) => void (output.stderr += `${line}\n`),
  });
  return output;
}

for (
  const args of [
    ["--help"],
    ["help"],
    ["serve", "--help"],
    ["sync", "-h"],
    ["webhook", "--help"],
    ["user", "create", "--help"],
    ["help", "key", "revoke"],
    ["export", "--help"],
    ["erase", "--athlete", "1", "--help"],
  ]
) {
  Deno.test(`paceline ${args.join(" ")}: prints the help of that command`, async () => {
    const words = args.filter((word) => /^[a-z]/.test(word) && word !== "help");

    const { code, stdout, stderr } = await launch(...args);

    assert.deepEqual([code, stderr], [0, ""]);
    const name = ["deno task paceline", ...words].join(" ");
    assert.ok(stdout.startsWith(`Usage:\n  ${name}`), stdout);
    assert.match(stdout, /^Options:$/m);
    assert.doesNotMatch(stdout, /to-stdout|missing-action/);
  });
}

for (const args of [["version"], ["--version"]]) {
  Deno.test(`paceline ${args}: prints the version of the SDK`, async () => {
    const sdk = await Deno.readTextFile(`${ROOT}/sdk/deno.json`);
    const { code, stdout } = await launch(...args);
    assert.deepEqual([code, stdout], [0, `${JSON.parse(sdk).version}\n`]);
  });
}

for (
  const [line, problem] of [
    ["", /^Missing command: expected serve, sync, .* or completions$/],
    ["usr", /^Unknown command "usr", did you mean "user"\?$/],
    ["webhook", /^Missing action: expected create, view or delete$/],
    ["user bogus", /^Unknown command "bogus"$/],
    ["user disable", /^Missing argument: expected <user>$/],
    ["user list ada", /^Unexpected argument "ada"$/],
    ["key list --user=", /^Missing value of --user$/],
    ["key list", /^Missing --user$/],
    [
      "key create --user=a --name=a --scope=,",
      /^Invalid scopes? "": expected /,
    ],
    ["key list --user=a --user=b", /^--user is given more than once$/],
    ["sync --ful", /^Unknown option --ful, did you mean --full\?$/],
    ["sync -f", /^Unknown option -f$/],
    ["erase --athlete x", /^Invalid athlete "x": expected the id of an/],
    ["erase --user=a --athlete=1", /^--user and --athlete exclude each other$/],
    ["export --user=a --athlete=1", /^--user and --athlete exclude each oth/],
  ] as const
) {
  Deno.test(`paceline ${line}: says what is wrong and shows the usage`, async () => {
    const args = line.split(" ").filter((word) => word !== "");

    const { code, stdout, stderr } = await refuse(args);

    assert.deepEqual([code, stdout], [2, ""]);
    const [sentence, , usage] = stderr.split("\n");
    assert.match(sentence!, problem);
    assert.equal(usage, "Usage:");
  });
}

for (
  const line of [
    "user delete ada",
    "user disable ada grace",
    "user disable --all",
    "user create ada",
    "user create --password x",
    "key create --user=ada --name=a",
    "key create --user=ada --scope=admin",
    "key create --user=ada --name=a --scope=everything",
    "key revoke --user=ada",
    "key list --user=ada --key=x",
    "key list --user=ada --force",
    "export --format csv",
    "export --force --output -",
    "serve --full",
  ]
) {
  Deno.test(`paceline ${line}: is refused with 2`, async () => {
    assert.equal((await refuse(line.split(" "))).code, 2);
  });
}

Deno.test("paceline export: needs --output if stdout is a terminal", async () => {
  const { code, stderr } = await refuse(["export"], { isTerminal: true });
  assert.equal(code, 2);
  assert.match(stderr, /^Missing --output: expected a file, or -/);
});

for (
  const [line, name, needs] of [
    ["serve", "serve", { watch: false }],
    ["serve --watch", "serve", { watch: true }],
    ["webhook view", "webhook view", { database: false }],
    ["user reset-password ada", "user reset-password", { input: true }],
    ["user list", "user list", {}],
    ["erase", "erase", { input: true }],
    ["erase --yes", "erase", { input: false }],
    ["export", "export", { file: undefined }],
    ["export --output -", "export", { file: undefined }],
    [
      "export --force --output=-x",
      "export",
      { file: { path: "-x", force: true } },
    ],
  ] as const
) {
  Deno.test(`paceline ${line}: tells the launcher what it needs`, async () => {
    const job = await parseJob(line.split(" "));
    assert.deepEqual([job.name, job.needs], [name, needs]);
  });
}

Deno.test("completions: prints a script that bash understands and that completes", async () => {
  const script = await launch("completions", "bash");
  const complete = async (...words: string[]): Promise<string[]> => {
    const { stdout, stderr } = await new Deno.Command("bash", {
      args: [
        "-c",
        `${script.stdout}
         COMP_WORDS=(paceline "$@") COMP_CWORD=$#
         _paceline
         printf '%s\\n' "\${COMPREPLY[@]}"`,
        "bash",
        ...words,
      ],
    }).output();
    assert.equal(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout).trim().split("\n");
  };

  assert.equal(script.code, 0);
  assert.deepEqual(await complete("u"), ["user"]);
  assert.deepEqual(await complete("user", "dis"), ["disable"]);
  assert.deepEqual(await complete("sync", "--f"), ["--full"]);
  assert.deepEqual(await complete("key", "create", "--scope", "a"), [
    "activities:read",
    "activities:read_private",
    "activities:write",
    "athlete:read",
    "athlete:write",
    "admin",
  ]);
});
