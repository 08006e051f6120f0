import { ROOT } from "./root.ts";

/** The program that builds the web app. An image and a bundle hold the built app instead. */
const BUILDER = `${ROOT}/web/build/main.ts`;
/** A file of the built app. */
const BUILT = `${ROOT}/web/dist/index.html`;
/** Longest time for the build and its downloads, in milliseconds. */
const LIMIT_MS = 10 * 60_000;

/**
 * Builds the web app, unless it is built and its sources have not changed. The server works without
 * the app, so a failure is only reported.
 */
export async function prepareWebApp(
  say: (line: string) => void,
): Promise<void> {
  if (!await exists(BUILDER)) return;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      `--config=${ROOT}/deno.json`,
      "--allow-all",
      BUILDER,
      "--quiet",
    ],
    stdin: "null",
    stdout: "inherit",
    signal: AbortSignal.timeout(LIMIT_MS),
  }).output();
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trim();
  const shown = await exists(BUILT) ? "the one built before" : "a plain page";
  say(
    `The web app could not be built, so / shows ${shown}. The API is complete.\n${reason}`,
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
