import { type ReactNode, useSyncExternalStore } from "react";
import { useTexts } from "../texts/use_texts.ts";

/** Says that the browser has no connection. */
export function OfflineNote(): ReactNode {
  const { app } = useTexts();
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  return isOnline ? null : <p className="note" role="status">{app.offline}</p>;
}

function subscribe(listener: () => void): () => void {
  const events = ["online", "offline"];
  for (const event of events) addEventListener(event, listener);
  return () => {
    for (const event of events) removeEventListener(event, listener);
  };
}
