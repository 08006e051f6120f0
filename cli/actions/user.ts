import { SignUpInput } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { prepareDatabase } from "../../db/prepare.ts";
import { type Account, findUser, hasAdmin, listUsers } from "../../db/users.ts";
import type { Config } from "../../server/config.ts";
import type { Deps } from "../../server/context.ts";
import { openDeps } from "../../server/deps.ts";
import { findPasswordProblem } from "../../server/accounts/password_rules.ts";
import { createSetUpCode } from "../../server/accounts/set_up.ts";
import {
  changeUserActive,
  createUser,
  resetPassword,
} from "../../server/accounts/users.ts";
import type { Terminal } from "../terminal.ts";

/** Options of `user create`. At a terminal it asks for a missing username and e-mail address. */
export interface CreateUserFlags {
  username?: string | undefined;
  email?: string | undefined;
  /** The display name. Default: the username. */
  name?: string | undefined;
  admin?: boolean;
}

/** The terminal of a command about accounts. */
export type UserTerminal = Omit<Terminal, "write">;

/** Creates an account and prints it. Returns the exit code. */
export async function createUserFromShell(
  config: Config,
  { terminal, ...flags }: CreateUserFlags & { terminal: UserTerminal },
): Promise<number> {
  return await withDeps(config, terminal, async (deps) => {
    const missing = terminal.ask ? [] : findMissing(flags);
    if (missing.length > 0) {
      return `Add ${
        missing.join(" and ")
      }, and the password as the first line of stdin: stdin is not a terminal, so nothing can be asked for`;
    }
    const { shape } = SignUpInput;
    const username = readField(flags.username, shape.username, {
      question: "Username:",
      terminal,
    });
    if ("problem" in username) return username.problem;
    const email = readField(flags.email, shape.email, {
      question: "E-mail address:",
      terminal,
    });
    if ("problem" in email) return email.problem;
    const name = flags.name ?? username.value;
    const displayName = shape.display_name.safeParse(name);
    if (!displayName.success) return toProblem("--name", displayName.error);
    const names = {
      username: username.value,
      email: email.value.toLowerCase(),
    };
    const password = await readPassword(names, terminal);
    if ("problem" in password) return password.problem;
    const created = await createUser(toUserContext(deps), {
      ...names,
      displayName: displayName.data ?? names.username,
      role: flags.admin ? "admin" : "member",
      password: password.value,
    }, "user_created");
    if (!created) {
      return `The username "${names.username}" or the e-mail address "${names.email}" is taken already`;
    }
    const { account, athletes } = created;
    terminal.print(toLine(account));
    if (athletes.length > 0) {
      terminal.say(
        `${account.username} now owns the athletes that had no owner: ${
          athletes.join(", ")
        }`,
      );
    }
    return undefined;
  });
}

/** Prints a line for each account. Returns the exit code. */
export async function listUsersFromShell(
  config: Config,
  { terminal }: { terminal: UserTerminal },
): Promise<number> {
  return await withDeps(config, terminal, async ({ sql }) => {
    const accounts = await listUsers(sql);
    for (const account of accounts) terminal.print(toLine(account));
    if (accounts.length === 0) {
      terminal.say(
        "There is no user yet: create one with `deno task user create --admin`",
      );
    }
    return undefined;
  });
}

/** Prints the set-up code. Returns the exit code: 1 if there is an administrator already. */
export async function printSetUpCode(
  config: Config,
  { terminal }: { terminal: UserTerminal },
): Promise<number> {
  return await withDeps(config, terminal, async ({ sql }) => {
    if (await hasAdmin(sql)) {
      return "There is an administrator already, so no code is needed: log in";
    }
    terminal.print(createSetUpCode(config));
    return undefined;
  });
}

/** Disables or enables an account. Returns the exit code. */
export async function setUserActive(
  config: Config,
  { user, isActive, terminal }: {
    user: string;
    isActive: boolean;
    terminal: UserTerminal;
  },
): Promise<number> {
  return await withDeps(config, terminal, async (deps) => {
    const account = await findUser(deps.sql, { name: user });
    if (!account) return `There is no user "${user}"`;
    const { id: userId, username } = account;
    const options = { userId, isActive };
    const changed = await changeUserActive(toUserContext(deps), options);
    const state = isActive ? "enabled" : "disabled";
    terminal.say(`${username} is ${changed ? "" : "already "}${state}`);
    return undefined;
  });
}

/** Sets a new password, which ends all sessions of the user. Returns the exit code. */
export async function resetUserPassword(
  config: Config,
  { user, terminal }: { user: string; terminal: UserTerminal },
): Promise<number> {
  return await withDeps(config, terminal, async (deps) => {
    const account = await findUser(deps.sql, { name: user });
    if (!account) return `There is no user "${user}"`;
    const { id: userId, username, email, isActive } = account;
    const password = await readPassword({ username, email }, terminal);
    if ("problem" in password) return password.problem;
    const ended = await resetPassword(toUserContext(deps), {
      userId,
      password: password.value,
    });
    terminal.say(
      `The password of ${username} is set; sessions ended: ${ended}`,
    );
    if (!isActive) {
      terminal.say(`${username} is disabled and cannot log in`);
    }
    return undefined;
  });
}

/** Runs an action that returns a problem as a sentence, and turns that into the exit code. */
async function withDeps(
  config: Config,
  { say }: UserTerminal,
  action: (deps: Deps) => Promise<string | undefined>,
): Promise<number> {
  await using deps = await openDeps(config);
  await prepareDatabase(deps.sql, config);
  const problem = await action(deps);
  if (problem === undefined) return 0;
  say(problem);
  return 1;
}

/** Lists the options of a new account that are not given. */
function findMissing({ username, email }: CreateUserFlags): string[] {
  return [
    ...username === undefined ? ["--username"] : [],
    ...email === undefined ? ["--email"] : [],
  ];
}

type Read = { value: string } | { problem: string };

/** Returns the value of an option, or asks at the terminal until the answer is valid. */
function readField(
  given: string | undefined,
  schema: z.ZodType<string>,
  { question, terminal: { ask, say } }: {
    question: string;
    terminal: UserTerminal;
  },
): Read {
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

const CANCELLED = "Cancelled: nothing was changed";

/** Asks twice at the terminal until both entries match, or reads one line from a pipe. */
async function readPassword(
  names: { username: string; email: string },
  { ask, askHidden, readLine, say }: UserTerminal,
): Promise<Read> {
  if (!ask) {
    const value = await readLine();
    if (value === null) {
      return {
        problem: "Missing password: expected it in the first line of stdin",
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
    const again = await askHidden("Repeat the password:");
    if (again === null) return { problem: CANCELLED };
    if (again === value) return { value };
    say("The passwords do not match");
  }
}

function toProblem(name: string, error: z.ZodError): string {
  return `${name} ${error.issues[0]?.message ?? "is not valid"}`;
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
