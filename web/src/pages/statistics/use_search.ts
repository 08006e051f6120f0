import { useNavigate, useSearch } from "@tanstack/react-router";
import {
  dropUndefined,
  type StatisticsChanges,
  type StatisticsSearch,
} from "./search.ts";

/** The choices in the address, and a function that changes them. */
export interface ChosenSearch {
  search: StatisticsSearch;
  change: (changes: StatisticsChanges) => void;
}

/** Returns the choices in the address of the statistics. */
export function useStatisticsSearch(): ChosenSearch {
  const search = useSearch({ from: "/statistics" });
  const navigate = useNavigate();
  return {
    search,
    change: (changes) =>
      void navigate({
        to: ".",
        search: (before) => dropUndefined({ ...before, ...changes }),
        replace: true,
        resetScroll: false,
      }),
  };
}
