/** Options that name the owner of the data. */
export interface OwnerFlags {
  athlete?: number | undefined;
  /** A username or an e-mail address. */
  user?: string | undefined;
}

/** Options of a command that has none. */
export type NoFlags = Readonly<Record<never, never>>;

interface Toggle {
  kind: "boolean";
  brief: string;
  optional: true;
  withNegated: false;
}

/** Defines an option without a value, such as `--force`. */
export function toggle(brief: string): Toggle {
  return { kind: "boolean", brief, optional: true, withNegated: false };
}

interface TextOption {
  kind: "parsed";
  brief: string;
  placeholder: string;
  parse: (text: string) => string;
}

/** Defines an option with a text, such as `--name "The phone"`. */
export function text(brief: string, placeholder: string): TextOption {
  return { kind: "parsed", brief, placeholder, parse: parseText };
}

/** Defines an option with a text that may be left out. */
export function optionalText(
  brief: string,
  placeholder: string,
): TextOption & { optional: true } {
  return { ...text(brief, placeholder), optional: true };
}

interface Choice<T extends string> {
  brief: string;
  placeholder: string;
  parse: (text: string) => T;
  proposeCompletions: (partial: string) => T[];
}

/** Defines an argument that is one of a list of words, or an option with such values. */
export function choice<const T extends string>(
  placeholder: string,
  { brief, values }: { brief: string; values: readonly T[] },
): Choice<T> {
  return {
    brief,
    placeholder,
    parse(text) {
      const value = values.find((each) => each === text.trim());
      if (value === undefined) throw new Error(`expected ${toList(values)}`);
      return value;
    },
    proposeCompletions: (partial) =>
      values.filter((value) => value.startsWith(partial)),
  };
}

/** The options that name the owner of the data. */
export const OWNER_OPTIONS = {
  athlete: {
    kind: "parsed",
    parse: parseAthleteId,
    optional: true,
    brief: "Athlete; needed only if there is more than one",
    placeholder: "id",
  },
  user: optionalText(
    "User instead of an athlete: the account and all its athletes",
    "name",
  ),
} as const;

/** The argument that names a user. */
export const USER_ARGUMENT = {
  kind: "tuple",
  parameters: [{
    brief: "Username or e-mail address",
    placeholder: "user",
    parse: parseText,
  }],
} as const;

/** Defines an argument that names a file. */
export function fileArgument(brief: string): {
  kind: "tuple";
  parameters: [
    { brief: string; placeholder: string; parse: (text: string) => string },
  ];
} {
  return {
    kind: "tuple",
    parameters: [{ brief, placeholder: "file", parse: parseText }],
  };
}

/** Returns what is wrong with the options that name the owner. */
export function findOwnerProblem(
  { athlete, user }: OwnerFlags,
): string | undefined {
  return athlete !== undefined && user !== undefined
    ? "--user and --athlete exclude each other"
    : undefined;
}

/** Joins words for a sentence: "create, view or delete". */
export function toList(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  const others = words.slice(0, -1);
  return others.length === 0 ? last : `${others.join(", ")} or ${last}`;
}

function parseText(text: string): string {
  if (text === "") throw new Error("expected a text");
  return text;
}

function parseAthleteId(text: string): number {
  if (!/^[1-9]\d{0,15}$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new Error("expected the id of an athlete");
  }
  return Number(text);
}
