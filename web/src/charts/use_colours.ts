import { useCallback, useSyncExternalStore } from "react";
import { getChoices, subscribe } from "../app/choices.ts";

/** Returns the value of a colour of the style, such as `--chart-1`. */
export type Colours = (name: string) => string;

const DARK = matchMedia("(prefers-color-scheme: dark)");

/** Returns the style's colours for drawing on a canvas, and renders again when they change. */
export function useColours(): Colours {
  const key = useSyncExternalStore(
    (listener) => {
      DARK.addEventListener("change", listener);
      const end = subscribe(listener);
      return () => {
        DARK.removeEventListener("change", listener);
        end();
      };
    },
    () => `${getChoices().theme} ${DARK.matches}`,
  );
  return useCallback(
    (name) =>
      getComputedStyle(document.documentElement).getPropertyValue(name).trim(),
    [key],
  );
}
