import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { useVisitor } from "./session.ts";

/** Reports whether the visitor owns activities, and so may change them. */
export function useIsOwner(): boolean {
  const isUser = useVisitor().kind === "user";
  const athletes = useQuery({
    ...useApi().athletes.list.queryOptions(),
    staleTime: 60_000,
    enabled: isUser,
  });
  return isUser && (athletes.data?.data.length ?? 0) > 0;
}
