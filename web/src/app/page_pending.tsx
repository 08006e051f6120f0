import type { ReactNode } from "react";
import { Skeleton } from "../parts/card.tsx";
import { useTexts } from "../texts/use_texts.ts";

/** The place of a page whose code is still loading. */
export function PagePending(): ReactNode {
  const { app } = useTexts();
  return (
    <div role="status">
      <span className="visually-hidden">{app.loading}</span>
      <Skeleton height={480} />
    </div>
  );
}
