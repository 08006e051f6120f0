import { z } from "zod";
import { describeFault, readFault, StravaError } from "./errors.ts";
import type { RateLimitReading } from "./rate_limit_headers.ts";

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** Parses a success, throws everything else as what it means. */
export async function readAnswer(
  response: Response,
  { url, rateLimit, emptyAnswer = false }: {
    url: string;
    rateLimit: RateLimitReading | undefined;
    /** It has no body worth reading. */
    emptyAnswer?: boolean;
  },
): Promise<unknown> {
  const { status } = response;
  const path = new URL(url).pathname;
  if (emptyAnswer && response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await readText(response);
  const body = parseJson(text);
  if (response.ok && body !== undefined) return body;
  if (response.ok || (status >= 300 && status < 400)) {
    const what = response.ok ? describeText(text) : "a redirect";
    const message = `Strava answered ${path} with ${status} and ${what}`;
    throw new StravaError("unavailable", message, { status, rateLimit });
  }
  const fault = describeFault(body);
  const message = `Strava answered ${path} with ${status}${
    fault ? ` (${fault})` : ""
  }`;
  throw new StravaError(readFault(status, body), message, {
    status,
    rateLimit,
  });
}

/** What stands where JSON should be; nothing of it is repeated, it may hold anything. */
function describeText(text: string): string {
  if (text.trim() === "") return "an empty body";
  if (/^\s*</.test(text)) return "HTML";
  return "something that is not JSON";
}

async function readText(response: Response): Promise<string> {
  // Such an answer need not even begin.
  if (Number(response.headers.get("content-length")) > MAX_ANSWER_BYTES) {
    await response.body?.cancel();
    throw tooLong(response);
  }
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw tooLong(response);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function tooLong({ status }: Response): StravaError {
  const message = "Strava sent an answer of more than 32 MiB";
  return new StravaError("unavailable", message, { status });
}

/** The value, or `undefined` for what is no JSON: error pages are HTML, some answers are empty. */
function parseJson(text: string): unknown {
  try {
    // PostgreSQL stores neither NUL nor half a surrogate pair, and only these need a second look.
    return /\\u0000|\\u[dD][89a-fA-F]/.test(text)
      ? JSON.parse(text, storable)
      : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function storable(_key: string, value: unknown): unknown {
  if (typeof value === "string") return toStorable(value);
  if (typeof value !== "object" || value === null) return value;
  const names = Object.keys(value);
  if (names.every((name) => toStorable(name) === name)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [toStorable(name), field]),
  );
}

function toStorable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

/** An answer of another shape than documented is the same as none. */
export async function wellFormed<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    const detail = cause.issues.map((issue) =>
      issue.path.join(".") || "the answer"
    ).join(", ");
    const message =
      `Strava's answer does not have the documented shape: ${detail}`;
    throw new StravaError("unavailable", message, { status: 200, cause });
  }
}
