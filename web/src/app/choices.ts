import { useSyncExternalStore } from "react";

/** A visitor's choices for this browser. Nothing in it is secret. */
export interface Choices {
  /** Colours: the system's, or always these. */
  theme: "system" | "light" | "dark";
  /** Units: those of the browser's region, or always these. */
  units: "system" | "metric" | "imperial";
  /** Language of the app: the browser's, or always this one. */
  language: "system" | "en" | "de";
  /** First day of the week: the region's, or always this one. */
  weekStart: "system" | "monday" | "sunday";
}

const DEFAULTS: Choices = {
  theme: "system",
  units: "system",
  language: "system",
  weekStart: "system",
};
const KEY = "paceline.choices";
const listeners = new Set<() => void>();
let current = readChoices();

/** Returns what the visitor has chosen, and renders again when that changes. */
export function useChoices(): Choices {
  return useSyncExternalStore(subscribe, () => current);
}

/** Returns what the visitor has chosen. */
export function getChoices(): Choices {
  return current;
}

/** Changes a choice, and keeps it for the next visit. */
export function choose(changes: Partial<Choices>): void {
  current = { ...current, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // A browser that stores nothing forgets the choice at the end of the visit.
  }
  for (const listener of listeners) listener();
}

/** Calls a function after each change of a choice. Returns the function that ends this. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readChoices(): Choices {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { ...DEFAULTS, ...stored };
  } catch {
    return DEFAULTS;
  }
}

/** Sets the page's colours to the chosen ones, now and after each change. */
export function applyTheme(): void {
  const apply = (): void => {
    document.documentElement.dataset["theme"] = current.theme;
  };
  apply();
  subscribe(apply);
}
