import { SignUpInput } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { migrate } from "../db/migrate.ts";
import { reachDatabase } from "../db/driver/reach.ts";
import { type Account, findUser, listUsers } from "../db/users.ts";
import type { Config } from "../server/config.ts";
import type { Deps } from "../server/context.ts";
import { openDeps } from "../server/deps.ts";
import { findPasswordProblem } from "../server/accounts/password_rules.ts";
import type { UserAction } from "./user_usage.ts";
import {
  changeUserActive,
  createUser,
  resetPassword,
} from "../server/accounts/users.ts";

/** Whom a command may ask, and where it tells. */
export interface UserDialog {
  /** Asks at the terminal; `undefined` where there is none. `null` where it was cancelled. */
  ask: ((question: string) => string | null) | undefined;
  /** The same, and nothing of the answer is shown. */
  askHidden: (question: string) => Promise<string | null>;
  /** The first line of the input where that is no terminal. */
  readLine: () => Promise<string | null>;
  /** For a person. */
  say: (line: string) => void;
  /** The result, for a pipe. */
  print: (line: string) => void;
}

/** Does with the accounts what was asked for; returns the exit code. */
export async function runUserCommand(
  config: Config,
  action: UserAction,
  dialog: UserDialog,
): Promise<number> {
  await using deps = await openDeps(config);
  await reachDatabase(deps.sql);
  await migrate(deps.sql);
  const result = await runAction(deps, action, dialog);
  if (result === undefined) return 0;
  dialog.say(result);
  return 1;
}

/** Why it was not done, as a sentence; `undefined` where it was. */
async function runAction(
  deps: Deps,
  action: UserAction,
  dialog: UserDialog,
): Promise<string | undefined> {
  if (action.action === "create") return await create(deps, action, dialog);
  if (action.action === "list") return await list(deps, dialog);
  const account = await findUser(deps.sql, { name: action.name });
  if (!account) return `There is no user "${action.name}"`;
  return action.action === "reset-password"
    ? await reset(deps, account, dialog)
    : await setActive(deps, account, {
      isActive: action.action === "enable",
      say: dialog.say,
    });
}

async function create(
  deps: Deps,
  input: Extract<UserAction, { action: "create" }>,
  dialog: UserDialog,
): Promise<string | undefined> {
  const { shape } = SignUpInput;
  const username = readField(input.username, shape.username, {
    question: "Username:",
    option: "--username",
    dialog,
  });
  if ("problem" in username) return username.problem;
  const email = readField(input.email, shape.email, {
    question: "E-mail address:",
    option: "--email",
    dialog,
  });
  if ("problem" in email) return email.problem;
  const name = input.displayName ?? username.value;
  const displayName = shape.display_name.safeParse(name);
  if (!displayName.success) return toProblem("--name", displayName.error);
  const names = {
    username: username.value,
    email: email.value.toLowerCase(),
  };
  const password = await readPassword(names, dialog);
  if ("problem" in password) return password.problem;
  const created = await createUser(toUserContext(deps), {
    ...names,
    displayName: displayName.data ?? names.username,
    role: input.isAdmin ? "admin" : "member",
    password: password.value,
  }, "user_created");
  if (!created) {
    return `Somebody has the username "${names.username}" or the e-mail address "${names.email}" already`;
  }
  const { account, athletes } = created;
  dialog.print(toLine(account));
  if (athletes.length > 0) {
    dialog.say(
      `The athletes that belonged to nobody are ${account.username}'s now: ${
        athletes.join(", ")
      }`,
    );
  }
  return undefined;
}

async function list(
  { sql }: Deps,
  { print, say }: UserDialog,
): Promise<undefined> {
  const accounts = await listUsers(sql);
  for (const account of accounts) print(toLine(account));
  if (accounts.length === 0) {
    say("There is no user yet: make one with deno task user create");
  }
}

async function setActive(
  deps: Deps,
  { id, username }: Account,
  { isActive, say }: { isActive: boolean; say: UserDialog["say"] },
): Promise<undefined> {
  const options = { userId: id, isActive };
  const changed = await changeUserActive(toUserContext(deps), options);
  const state = isActive ? "enabled" : "disabled";
  say(`${username} is ${state}${changed ? "" : " already"}`);
}

async function reset(
  deps: Deps,
  { id, username, email, isActive }: Account,
  dialog: UserDialog,
): Promise<string | undefined> {
  const password = await readPassword({ username, email }, dialog);
  if ("problem" in password) return password.problem;
  const ended = await resetPassword(toUserContext(deps), {
    userId: id,
    password: password.value,
  });
  dialog.say(`The password of ${username} is set; sessions ended: ${ended}`);
  if (!isActive) dialog.say(`${username} is disabled and cannot log in`);
  return undefined;
}

type Read = { value: string } | { problem: string };

/** What an option says, or else the answer at the terminal, asked for until it fits. */
function readField(
  given: string | undefined,
  schema: z.ZodType<string>,
  { question, option, dialog: { ask, say } }: {
    question: string;
    option: string;
    dialog: UserDialog;
  },
): Read {
  if (given === undefined && !ask) {
    return { problem: `Add ${option}: there is no terminal to ask at` };
  }
  for (;;) {
    const text = given ?? ask?.(question)?.trim();
    if (text === undefined) return { problem: CANCELLED };
    const parsed = schema.safeParse(text);
    if (parsed.success) return { value: parsed.data };
    const problem = toProblem(question.replace(":", ""), parsed.error);
    if (given !== undefined) return { problem };
    say(problem);
  }
}

const CANCELLED = "Nothing was done";

/** Twice at the terminal, until both are the same and good; once from a pipe. */
async function readPassword(
  names: { username: string; email: string },
  { ask, askHidden, readLine, say }: UserDialog,
): Promise<Read> {
  if (!ask) {
    const value = await readLine();
    if (value === null) {
      return {
        problem: "The password is the first line of the input, which is empty",
      };
    }
    const problem = findPasswordProblem(value, names);
    return problem === undefined ? { value } : { problem };
  }
  for (;;) {
    const value = await askHidden("Password:");
    if (value === null) return { problem: CANCELLED };
    const problem = findPasswordProblem(value, names);
    if (problem !== undefined) {
      say(problem);
      continue;
    }
    const again = await askHidden("The same again:");
    if (again === null) return { problem: CANCELLED };
    if (again === value) return { value };
    say("The two are not the same");
  }
}

function toProblem(name: string, error: z.ZodError): string {
  return `${name} ${error.issues[0]?.message ?? "does not fit"}`;
}

function toLine(
  { username, email, role, isActive, createdAt, displayName }: Account,
): string {
  return [
    username,
    email,
    role,
    isActive ? "active" : "disabled",
    createdAt.toISOString().slice(0, 10),
    displayName,
  ].join("\t");
}

function toUserContext(deps: Deps): Parameters<typeof createUser>[0] {
  return { ...deps, address: undefined, agent: "deno task user" };
}
