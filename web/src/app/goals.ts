import { type Goal, MAX_GOALS, parseGoals } from "./parse_goals.ts";
import { createStored } from "./stored.ts";

const stored = createStored("paceline.goals", parseGoals);

/** Returns the goals of this browser, and renders again when they change. */
export function useGoals(): readonly Goal[] {
  return stored.use();
}

/** Adds a goal, or replaces the one with its id. */
export function saveGoal(goal: Goal): void {
  const goals = stored.get();
  const isKnown = goals.some(({ id }) => id === goal.id);
  stored.set(
    isKnown
      ? goals.map((each) => each.id === goal.id ? goal : each)
      : [...goals, goal].slice(-MAX_GOALS),
  );
}

/** Removes a goal. */
export function removeGoal(id: string): void {
  stored.set(stored.get().filter((goal) => goal.id !== id));
}

/** Puts a removed goal back in its place. */
export function restoreGoal(goal: Goal, place: number): void {
  stored.set(stored.get().toSpliced(place, 0, goal));
}
