import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** A link to an activity. */
export function ActivityLink(
  { id, children }: { id: number; children: ReactNode },
): ReactNode {
  return (
    <Link to="/activities/$id" params={{ id: String(id) }}>{children}</Link>
  );
}
