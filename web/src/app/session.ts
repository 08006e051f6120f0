import { reasonOf, type User } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";

/** The visitor: unknown until the server has answered, then a user or a guest. */
export type Visitor =
  | { kind: "unknown" }
  | { kind: "guest" }
  | { kind: "user"; user: User };

/** Returns who uses the app. */
export function useVisitor(): Visitor {
  const me = useQuery({
    ...useApi().auth.me.queryOptions(),
    staleTime: 60_000,
  });
  if (me.data) return { kind: "user", user: me.data.user };
  if (!me.isError) return { kind: "unknown" };
  // Without a connection a visitor stays who they were.
  return reasonOf(me.error) === "network_error"
    ? { kind: "unknown" }
    : { kind: "guest" };
}
