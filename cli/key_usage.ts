import { parseArgs } from "node:util";

/** What is to be done with whose API keys. */
export type KeyAction =
  | {
    action: "create";
    user: string;
    name: string;
    scopes: string[];
    /** A date, the first moment of which in UTC is meant, or an instant. */
    expires: string | undefined;
  }
  | { action: "list"; user: string }
  | {
    action: "revoke";
    user: string;
    /** The key's id, or how it begins. */
    key: string;
  };

export const KEY_HELP = `Looks after the API keys of a user

Usage: deno task key create --user <name> --name <text> --scope <scope>... [--expires <date>]
       deno task key list   --user <name>
       deno task key revoke --user <name> --key <prefix>

Options:
  --user <name>      whose: the username or the e-mail address
  --name <text>      what the key is called in lists
  --scope <scope>    what it may do, more than once or with commas between: stats:read,
                     activities:read, activities:read_private, sync:write, export:read, admin
  --expires <date>   ends at the beginning of this day in UTC, or at an instant such as
                     2027-01-31T12:00:00Z; without it, not until it is revoked
  --key <prefix>     the key that ends: how it begins, or its id, as "list" shows them

"create" writes the key to stdout, this once: nobody can show it again.
`;

const OPTIONS = {
  user: { type: "string" },
  name: { type: "string" },
  scope: { type: "string", multiple: true },
  expires: { type: "string" },
  key: { type: "string" },
} as const;

/** What each action takes, beside the user. */
const TAKES = {
  create: ["name", "scope", "expires"],
  list: [],
  revoke: ["key"],
} as const satisfies Record<KeyAction["action"], readonly string[]>;

/** Reads what follows `key`; throws a sentence where it is wrong. */
export function readKeyAction(
  [action = "", ...args]: readonly string[],
): KeyAction {
  if (!isAction(action)) {
    throw new Error(
      action === ""
        ? "What is to be done with the keys?"
        : `Unknown action "${action}": there is create, list and revoke`,
    );
  }
  const { values } = parseArgs({ args, options: OPTIONS });
  const taken: readonly string[] = ["user", ...TAKES[action]];
  const odd = Object.keys(values).find((name) => !taken.includes(name));
  if (odd !== undefined) throw new Error(`"${action}" takes no --${odd}`);
  const user = requireValue("user", values.user);
  if (action === "list") return { action, user };
  if (action === "revoke") {
    return { action, user, key: requireValue("key", values.key) };
  }
  const scopes = (values.scope ?? []).flatMap((text) => text.split(","))
    .map((scope) => scope.trim()).filter((scope) => scope !== "");
  requireValue("scope", scopes[0]);
  const name = requireValue("name", values.name);
  return { action, user, name, scopes, expires: values.expires };
}

/** The same as arguments. */
export function toKeyArguments(line: KeyAction): string[] {
  const user = `--user=${line.user}`;
  if (line.action === "list") return [line.action, user];
  if (line.action === "revoke") return [line.action, user, `--key=${line.key}`];
  const { action, name, scopes, expires } = line;
  return [
    action,
    user,
    `--name=${name}`,
    `--scope=${scopes.join(",")}`,
    ...(expires === undefined ? [] : [`--expires=${expires}`]),
  ];
}

function isAction(text: string): text is KeyAction["action"] {
  return Object.hasOwn(TAKES, text);
}

function requireValue(name: string, value: string | undefined): string {
  if (value === undefined || value === "") {
    throw new Error(`--${name} is missing`);
  }
  return value;
}
