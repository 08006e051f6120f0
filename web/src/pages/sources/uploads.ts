import type { Client, Import } from "@paceline/sdk";
import { useSyncExternalStore } from "react";

/** A file that this browser sends, or has sent since the app was opened. */
export interface Upload {
  /** Place in the order of the uploads. */
  id: number;
  file: File;
  state: "waiting" | "sending" | "reading" | "done" | "failed" | "stopped";
  /** Bytes that were sent. */
  sent: number;
  startedAt: number;
  import: Import | null;
  error: Error | null;
}

let uploads: readonly Upload[] = [];
let lastId = 0;
let isRunning = false;
const controllers = new Map<number, AbortController>();
const listeners = new Set<() => void>();

/** Returns this browser's uploads. They go on while other pages are shown. */
export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => uploads,
  );
}

/** Sends files one after another, and calls a function after each one. */
export function addUploads(
  api: Client,
  files: Iterable<File>,
  onEnd: () => void,
): void {
  for (const file of files) {
    uploads = [...uploads, {
      id: ++lastId,
      file,
      state: "waiting",
      sent: 0,
      startedAt: 0,
      import: null,
      error: null,
    }];
  }
  report();
  void sendAll(api, onEnd);
}

/** Stops an upload. The server keeps the files that have arrived. */
export function stopUpload(id: number): void {
  const controller = controllers.get(id);
  if (controller) controller.abort();
  else change(id, { state: "stopped" });
}

async function sendAll(api: Client, onEnd: () => void): Promise<void> {
  if (isRunning) return;
  isRunning = true;
  addEventListener("beforeunload", warn);
  let next: Upload | undefined;
  while ((next = uploads.find(({ state }) => state === "waiting"))) {
    await sendOne(api, next);
    onEnd();
  }
  removeEventListener("beforeunload", warn);
  isRunning = false;
}

async function sendOne(api: Client, { id, file }: Upload): Promise<void> {
  const controller = new AbortController();
  controllers.set(id, controller);
  change(id, { state: "sending", startedAt: Date.now() });
  try {
    const result = await api.imports.upload(file, {
      signal: controller.signal,
      onProgress: ({ sent, import: job }) =>
        change(id, { sent, import: job, state: job ? "reading" : "sending" }),
    });
    change(id, { state: "done", import: result });
  } catch (error) {
    change(id, {
      state: controller.signal.aborted ? "stopped" : "failed",
      error: error instanceof Error ? error : new Error(String(error)),
    });
  } finally {
    controllers.delete(id);
  }
}

/** Asks before the page is left, which would end the upload. */
function warn(event: BeforeUnloadEvent): void {
  if (uploads.some(({ state }) => state === "sending")) event.preventDefault();
}

function change(id: number, changes: Partial<Upload>): void {
  uploads = uploads.map((each) =>
    each.id === id ? { ...each, ...changes } : each
  );
  report();
}

function report(): void {
  for (const listener of listeners) listener();
}
