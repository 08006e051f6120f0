import { createContext, useContext } from "react";
import { en, type Texts } from "./en.ts";

/** The texts of the language that is shown. */
export const TextsContext: React.Context<Texts> = createContext(en);

/** Returns the texts of the language that is shown. */
export function useTexts(): Texts {
  return useContext(TextsContext);
}
