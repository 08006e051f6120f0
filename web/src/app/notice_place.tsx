import { lazy, type ReactNode, Suspense, useSyncExternalStore } from "react";
import { hasNotices, onFirstNotice } from "./notices.ts";

const NoticeArea = lazy(async () => ({
  default: (await import("./notice_area.tsx")).NoticeArea,
}));

/** The place of short messages. It is empty until the first one. */
export function NoticePlace(): ReactNode {
  const isNeeded = useSyncExternalStore(onFirstNotice, hasNotices);
  if (!isNeeded) return null;
  return (
    <Suspense>
      <NoticeArea />
    </Suspense>
  );
}
