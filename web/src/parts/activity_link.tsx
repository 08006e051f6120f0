import type { ReactNode } from "react";
import { useTexts } from "../texts/use_texts.ts";
import { PageLink } from "./page_link.tsx";

/** A link to an activity, which may have no name. */
export function ActivityLink(
  { id, className, children }: {
    id: number;
    className?: string;
    children: string;
  },
): ReactNode {
  const { activities: texts } = useTexts();
  return (
    <PageLink
      to="/activities/$id"
      params={{ id: String(id) }}
      {...className !== undefined && { className }}
    >
      {children || texts.unnamed}
    </PageLink>
  );
}
