import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../texts/use_texts.ts";
import { Empty } from "./empty.tsx";

/** The page of an instance without activities: leads to the set-up, or to the sources. */
export function NoAthlete(): ReactNode {
  const { empty } = useTexts();
  const instance = useQuery(useApi().auth.instance.queryOptions());
  if (instance.isPending) return null;
  return instance.data?.needs_set_up
    ? (
      <Empty title={empty.setUp} text={empty.setUpText}>
        <Link to="/set-up" className="button primary">{empty.setUp}</Link>
      </Empty>
    )
    : (
      <Empty title={empty.noAthlete} text={empty.noAthleteText}>
        <Link to="/sources" className="button primary">{empty.toSources}</Link>
      </Empty>
    );
}
