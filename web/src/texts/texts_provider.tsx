import { type ReactNode, useEffect, useState } from "react";
import { type Choices, useChoices } from "../app/choices.ts";
import { en, type Texts } from "./en.ts";
import { TextsContext } from "./use_texts.ts";

/** The languages besides English. Each one is loaded when it is shown. */
const LANGUAGES: Readonly<Record<string, () => Promise<Texts>>> = {
  de: async () => (await import("./de.ts")).de,
};

/** Returns the language to show: the chosen one, or the browser's if there are texts in it. */
export function resolveLanguage(
  { language }: Pick<Choices, "language">,
  preferred: readonly string[],
): string {
  if (language !== "system") return language;
  return preferred.map((each) => each.split("-")[0]!)
    .find((each) => each === "en" || each in LANGUAGES) ?? "en";
}

/** Provides the texts of the chosen language. */
export function TextsProvider(
  { children }: { children: ReactNode },
): ReactNode {
  const language = resolveLanguage(useChoices(), navigator.languages);
  const [texts, setTexts] = useState<Texts | undefined>(
    language === "en" ? en : undefined,
  );
  useEffect(() => {
    let isCurrent = true;
    const load = LANGUAGES[language] ?? (() => Promise.resolve(en));
    load().catch(() => en).then((loaded) => {
      if (!isCurrent) return;
      document.documentElement.lang = loaded === en ? "en" : language;
      setTexts(loaded);
    });
    return () => {
      isCurrent = false;
    };
  }, [language]);
  if (!texts) return null;
  return <TextsContext value={texts}>{children}</TextsContext>;
}
