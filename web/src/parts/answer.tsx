import type { ReactNode } from "react";
import { useVisitor } from "../app/session.ts";
import { useTexts } from "../texts/use_texts.ts";
import { Skeleton } from "./card.tsx";
import { Failure } from "./failure.tsx";

/** A request of the API, as TanStack Query reports it. */
interface Request<Data> {
  data: Data | undefined;
  error: Error | null;
  isPlaceholderData: boolean;
  refetch: () => unknown;
}

/** Shows an answer of the API: its place while it loads, the reason if it failed, and then its content. */
export function Answer<Data>(
  { request: { data, error, isPlaceholderData, refetch }, height, children }: {
    request: Request<Data>;
    /** Height of the content in pixels, about. */
    height: number;
    children: (data: Data) => ReactNode;
  },
): ReactNode {
  if (error) return <Failure error={error} retry={refetch} />;
  if (data === undefined) {
    return (
      <div role="status" aria-busy="true">
        <Skeleton height={height} />
      </div>
    );
  }
  return (
    <div className={isPlaceholderData ? "stale" : ""}>
      {children(data)}
      {countsVisibleOnly(data) && <VisibleOnly />}
    </div>
  );
}

function countsVisibleOnly(data: unknown): boolean {
  return typeof data === "object" && data !== null && "counts" in data &&
    data.counts === "visible";
}

/** Tells a guest that hidden activities do not count. */
function VisibleOnly(): ReactNode {
  const { parts: texts } = useTexts();
  return useVisitor().kind === "guest"
    ? <p className="soft visible-only">{texts.visibleOnly}</p>
    : null;
}
