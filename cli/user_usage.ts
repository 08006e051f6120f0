import { parseArgs } from "node:util";

/** What is to be done with an account, from the shell. */
export type UserAction =
  | {
    action: "create";
    username: string | undefined;
    email: string | undefined;
    displayName: string | undefined;
    isAdmin: boolean;
  }
  | { action: "list" }
  | {
    action: "disable" | "enable" | "reset-password";
    /** A username or an e-mail address. */
    name: string;
  };

export const USER_HELP = `Looks after the accounts of the instance

Usage: deno task user create                  makes an account
       deno task user list                    shows all accounts
       deno task user disable <user>          shuts an account: its sessions end at once, its keys
                                              are refused, its data stays
       deno task user enable <user>           opens it again
       deno task user reset-password <user>   sets another password; all sessions of the user end

<user> is a username or an e-mail address.

Options of create:
  --username <name>   2 to 32 letters, digits or _ . -
  --email <address>
  --name <text>       how others see the user; the username where it is left out
  --admin             sees and manages every athlete and user; the first one takes over the
                      athletes that belong to nobody

At a terminal it asks for what is not given, and for the password, which is not shown. Without one
the password is the first line of the input:

  deno task user create --username ada --email ada@example.com < password.txt

A password has 10 to 256 characters and is not among those that are guessed quickly.
`;

const CREATE_OPTIONS = {
  username: { type: "string" },
  email: { type: "string" },
  name: { type: "string" },
  admin: { type: "boolean" },
} as const;

/** Reads what follows `user`; a problem with it is a sentence. */
export function readUserAction(
  [action, ...args]: readonly string[],
): UserAction | { problem: string } {
  switch (action) {
    case "create":
      return readCreate(args);
    case "list":
      return args.length === 0
        ? { action }
        : { problem: '"user list" takes nothing else' };
    case "disable":
    case "enable":
    case "reset-password": {
      const [name, ...others] = args;
      return name && !name.startsWith("-") && others.length === 0
        ? { action, name }
        : { problem: `Name one user: user ${action} <user>` };
    }
    default:
      return { problem: "What is to be done with the accounts?" };
  }
}

function readCreate(args: string[]): UserAction | { problem: string } {
  try {
    const { values } = parseArgs({
      args,
      options: CREATE_OPTIONS,
      allowPositionals: false,
    });
    return {
      action: "create",
      username: values.username,
      email: values.email,
      displayName: values.name,
      isAdmin: values.admin === true,
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { problem: error.message };
  }
}

/** The same as arguments. */
export function toUserArguments(line: UserAction): string[] {
  if (line.action === "list") return [line.action];
  if (line.action !== "create") return [line.action, line.name];
  const { username, email, displayName, isAdmin } = line;
  return [
    line.action,
    ...toOption("username", username),
    ...toOption("email", email),
    ...toOption("name", displayName),
    ...(isAdmin ? ["--admin"] : []),
  ];
}

/** In one word, so that a value may begin with a dash. */
function toOption(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}
