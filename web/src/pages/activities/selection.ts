import { useCallback, useMemo, useState } from "react";

/** The chosen activities, and the one that a range starts from. */
export interface Chosen {
  ids: ReadonlySet<number>;
  /** The activity that was chosen or left last. */
  from: number | undefined;
}

/** Nothing chosen. */
export const NOTHING: Chosen = { ids: new Set(), from: undefined };

/**
 * Chooses an activity, or leaves it. With `isRange` all from the last one to this one become what
 * this one becomes.
 */
export function choose(
  { ids, from }: Chosen,
  shown: readonly number[],
  { id, isRange }: { id: number; isRange: boolean },
): Chosen {
  const next = new Set(ids);
  const isOn = !ids.has(id);
  const [start, end] = [from, id].map((each) =>
    each === undefined ? -1 : shown.indexOf(each)
  ) as [number, number];
  const range = isRange && start >= 0 && end >= 0
    ? shown.slice(Math.min(start, end), Math.max(start, end) + 1)
    : [id];
  for (const each of range) {
    if (isOn) next.add(each);
    else next.delete(each);
  }
  return { ids: next, from: id };
}

/** Choosing activities in the list. */
export interface Selection {
  isOn: boolean;
  ids: ReadonlySet<number>;
  start(): void;
  end(): void;
  toggle(id: number, isRange: boolean): void;
  /** Chooses all that are shown, or none. */
  all(): void;
  none(): void;
}

/** Returns the state of choosing among the shown activities. Those that are gone are not chosen any more. */
export function useSelection(shown: readonly number[]): Selection {
  const [isOn, setOn] = useState(false);
  const [chosen, setChosen] = useState(NOTHING);
  const ids = useMemo(() => {
    const here = new Set(shown);
    return new Set([...chosen.ids].filter((id) => here.has(id)));
  }, [chosen, shown]);
  const toggle = useCallback(
    (id: number, isRange: boolean) =>
      setChosen((before) => choose(before, shown, { id, isRange })),
    [shown],
  );
  return {
    isOn,
    ids,
    start: () => setOn(true),
    end() {
      setOn(false);
      setChosen(NOTHING);
    },
    toggle,
    all: () => setChosen({ ids: new Set(shown), from: undefined }),
    none: () => setChosen(NOTHING),
  };
}
