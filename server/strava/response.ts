import { z } from "zod";
import { describeFault, resolveErrorKind, StravaError } from "./errors.ts";
import type { RateLimitReading } from "./rate_limit_headers.ts";

const MAX_BODY_MIB = 32;
/** Fields that a message about a wrong shape names. */
const MAX_FIELDS = 10;
const MAX_BODY_BYTES = MAX_BODY_MIB * 1024 * 1024;

/**
 * Parses the JSON of a successful response.
 *
 * @throws {StravaError} For every other response, with the kind that it means.
 */
export async function parseResponse(
  response: Response,
  { url, rateLimit, ignoreBody = false }: {
    url: string;
    rateLimit: RateLimitReading | undefined;
    /** Whether to discard the body of a successful response. */
    ignoreBody?: boolean;
  },
): Promise<unknown> {
  const { status } = response;
  const path = new URL(url).pathname;
  if (ignoreBody && response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await readText(response);
  const body = parseJson(text);
  if (response.ok && body !== undefined) return body;
  if (response.ok || (status >= 300 && status < 400)) {
    const content = response.ok ? describeText(text) : "a redirect";
    const message = `Strava answered ${path} with ${status} and ${content}`;
    throw new StravaError("unavailable", message, { status, rateLimit });
  }
  const fault = describeFault(body);
  const message = `Strava answered ${path} with ${status}${
    fault ? ` (${fault})` : ""
  }`;
  throw new StravaError(resolveErrorKind(status, body), message, {
    status,
    rateLimit,
  });
}

/** Describes a body that is not JSON. Repeats none of it, since it may contain a secret. */
function describeText(text: string): string {
  if (text.trim() === "") return "an empty body";
  if (/^\s*</.test(text)) return "HTML";
  return "a body that is not JSON";
}

async function readText(response: Response): Promise<string> {
  if (Number(response.headers.get("content-length")) > MAX_BODY_BYTES) {
    await response.body?.cancel();
    throw createTooLargeError(response);
  }
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw createTooLargeError(response);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function createTooLargeError({ status }: Response): StravaError {
  const message = `Strava sent a response of more than ${MAX_BODY_MIB} MiB`;
  return new StravaError("unavailable", message, { status });
}

/** Returns the value, or `undefined` for invalid JSON: error pages are HTML, and some are empty. */
function parseJson(text: string): unknown {
  try {
    // PostgreSQL cannot store NUL or a lone surrogate. Only texts with these escapes need the reviver.
    return /\\u0000|\\u[dD][89a-fA-F]/.test(text)
      ? JSON.parse(text, reviveStorable)
      : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Removes from every string and every key the characters that PostgreSQL cannot store. */
function reviveStorable(_key: string, value: unknown): unknown {
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

/**
 * Runs a call and turns a schema's refusal into a {@link StravaError}. A response of an undocumented
 * shape counts as `unavailable`, like a response that is not JSON.
 */
export async function rejectUnknownShape<T>(
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    // A stream may have thousands of wrong values.
    const fields = cause.issues.slice(0, MAX_FIELDS).map((issue) =>
      issue.path.join(".") || "the response"
    ).join(", ");
    const message =
      `Strava's response does not have the documented shape: ${fields}`;
    throw new StravaError("unavailable", message, { status: 200, cause });
  }
}
