import type { User } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";

/** The visitor: unknown until the server has answered, then a user or a guest. */
export type Visitor =
  | { kind: "unknown" }
  | { kind: "guest" }
  | { kind: "user"; user: User };

/** Returns who uses the app. Without a connection a visitor stays who they were. */
export function useVisitor(): Visitor {
  const instance = useQuery({
    ...useApi().auth.instance.queryOptions(),
    staleTime: 60_000,
  });
  if (!instance.data) return { kind: "unknown" };
  const { user } = instance.data;
  return user ? { kind: "user", user } : { kind: "guest" };
}
