import type { Config } from "../../server/config.ts";
import { createLog } from "../../server/log.ts";
import { type WatchCommand, watchImports } from "./watch_imports.ts";

/** Watches folders until SIGINT or SIGTERM. Returns the exit code. */
export async function runWatch(
  config: Config,
  options: Omit<WatchCommand, "log" | "signal">,
): Promise<number> {
  const { logger: log } = await createLog(config);
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  try {
    const { signal } = controller;
    return await watchImports(config, { ...options, log, signal });
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
  }
}
