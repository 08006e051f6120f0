import { type Passage, readPassages } from "./passages.ts";

const MAX_TEST_NAME = 80;

/** A line of the list. */
export interface Rule {
  place: "opening" | "sentence" | "anywhere";
  pattern: string;
  suggestion: string;
}

/** A phrase that should be rewritten. */
export interface Finding {
  line: number;
  phrase: string;
  suggestion: string;
}

/** Parses the list of phrases. Throws if a pattern is not a regular expression. */
export function parseRules(text: string): Rule[] {
  return text.split("\n").flatMap((line, index): Rule[] => {
    if (!line.trim() || line.startsWith("#")) return [];
    const [left, suggestion = "rewrite"] = line.split(/\s+=>\s+|\t+/);
    const [, anchor, pattern] = /^([\^.] )?(.+)$/.exec(left!.trim())!;
    try {
      new RegExp(pattern!);
    } catch (cause) {
      throw new Error(
        `Invalid pattern in line ${index + 1}: "${pattern}"`,
        { cause },
      );
    }
    return [{
      place: anchor === "^ "
        ? "opening"
        : anchor === ". "
        ? "sentence"
        : "anywhere",
      pattern: pattern!.replaceAll(/ (?![*+?{])/g, "\\s+"),
      suggestion: suggestion.trim(),
    }];
  });
}

/** Creates the function that finds the phrases in a file, and test names that are too long. */
export function createChecker(
  rules: readonly Rule[],
): (path: string, text: string) => Finding[] {
  const anywhere = rules.filter(({ place }) => place === "anywhere")
    .map(({ pattern, suggestion }) => ({
      suggestion,
      pattern: new RegExp(`(?<![\\w-])(?:${pattern})(?![\\w-])`, "gi"),
    }));
  const anchored = rules.filter(({ place }) => place !== "anywhere")
    .map(({ place, pattern, suggestion }) => ({
      place,
      suggestion,
      exact: new RegExp(`(?:${pattern})(?![\\w-])`, "y"),
      anyCase: new RegExp(`(?:${pattern})(?![\\w-])`, "iy"),
    }));

  function* check(passage: Passage): Iterable<Finding> {
    const { kind, text } = passage;
    const lineOf = (index: number): number =>
      passage.line + text.slice(0, index).split("\n").length - 1;
    for (const { pattern, suggestion } of anywhere) {
      for (const { 0: phrase, index } of text.matchAll(pattern)) {
        yield { line: lineOf(index), phrase, suggestion };
      }
    }
    if (kind === "heading") return;
    const openings = findOpenings(passage);
    for (const at of new Set([...openings, ...findSentences(text)])) {
      const isOpening = !isTextForUsers(kind) && openings.includes(at);
      if (isTextForUsers(kind) && isQuestion(text, at)) continue;
      for (const { place, exact, anyCase, suggestion } of anchored) {
        if (place === "opening" && !isOpening) continue;
        const pattern = isOpening ? anyCase : exact;
        pattern.lastIndex = at;
        const phrase = pattern.exec(text)?.[0];
        if (phrase === undefined) continue;
        yield {
          line: lineOf(at),
          phrase: `opens with "${phrase}"`,
          suggestion,
        };
        break;
      }
    }
    if (kind === "test name" && text.length > MAX_TEST_NAME) {
      yield {
        line: passage.line,
        phrase: `test name of ${text.length} characters`,
        suggestion: `at most ${MAX_TEST_NAME}`,
      };
    }
  }

  return (path, text) =>
    (readPassages(path, text) ?? []).flatMap((passage) => [...check(passage)])
      .map((each) => ({ ...each, phrase: each.phrase.replace(/\s+/g, " ") }))
      .sort((a, b) => a.line - b.line);
}

function isTextForUsers(kind: Passage["kind"]): boolean {
  return kind === "string" || kind === "prose";
}

/** Finds where the text begins; in a comment also its list items and tags, in a test name its promise. */
function findOpenings({ kind, text }: Passage): number[] {
  const openings = [/[^\p{L}\p{N}]*/u.exec(text)![0].length];
  if (kind === "comment") {
    const starts = /\n\s*\n\s*|\n\s*[-*] +|@(?:returns|throws|deprecated) /g;
    for (const found of text.matchAll(starts)) {
      openings.push(found.index + found[0].length);
    }
  }
  if (kind === "test name") {
    const symbol = /^[^:]*: /.exec(text);
    if (symbol) openings.push(symbol[0].length);
  }
  return openings;
}

/** Finds where the second and later sentences begin. */
function findSentences(text: string): number[] {
  return [...text.matchAll(/[.!?]["')\]]*\s+(?=[A-Z])/g)]
    .map((found) => found.index + found[0].length);
}

function isQuestion(text: string, at: number): boolean {
  return /^[^.!?]*\?/.test(text.slice(at));
}
