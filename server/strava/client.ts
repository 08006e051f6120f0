import { z } from "zod";
import { describeFault, readFault, StravaError } from "./errors.ts";
import {
  exchangeCode,
  refreshTokens,
  revokeToken,
  type StravaApp,
} from "./oauth.ts";
import { type RateLimitReading, readRateLimit } from "./rate_limit.ts";
import {
  ActivityList,
  Detail,
  type Subscription,
  type TokenExchange,
  type TokenRefresh,
} from "./schemas.ts";
import {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
} from "./subscriptions.ts";

/** The most items that Strava puts on a page. */
export const PAGE_SIZE = 200;

const TIMEOUT_MS = 30_000;
/** Shorter for tokens: whoever waits for a refresh holds a connection to the database. */
const OAUTH_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

export interface StravaOptions extends StravaApp {
  /** Such as `https://www.strava.com/api/v3`. */
  apiUrl: string;
  fetch?: typeof fetch;
  /** How long an answer may take, its body included. */
  timeoutMs?: number;
}

interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: URLSearchParams;
  signal?: AbortSignal | undefined;
  /** The answer has no body worth reading. */
  emptyAnswer?: boolean;
  onRateLimit?: ((reading: RateLimitReading) => void) | undefined;
}

/** What every question on an athlete's behalf is sent with. */
interface AthleteOptions {
  accessToken: string;
  signal?: AbortSignal;
  /** Told how much of the budget is used, by each answer that says so. */
  onRateLimit?: (reading: RateLimitReading) => void;
}

/** Sends a request and returns the parsed answer. */
export type StravaRequest = (
  url: string,
  options?: RequestOptions,
) => Promise<unknown>;

/** Which part of the list of activities. */
export interface ActivityPage extends AthleteOptions {
  /** From 1. */
  page: number;
  /** Only activities that started before this moment; whether at it too is undocumented. */
  before?: Date | undefined;
}

/**
 * Strava's API v3 (https://developers.strava.com/docs/reference/), as far as it is needed. Every
 * failure is a `StravaError`; nothing is retried here.
 */
export class StravaClient {
  readonly #options: StravaOptions;

  constructor(options: StravaOptions) {
    this.#options = options;
  }

  /** The OAuth application, for the address of its consent page. */
  get app(): StravaApp {
    return this.#options;
  }

  exchangeCode(code: string): Promise<TokenExchange> {
    return wellFormed(() =>
      exchangeCode(this.#request, this.#options, { code })
    );
  }

  refreshTokens(refreshToken: string): Promise<TokenRefresh> {
    return wellFormed(() =>
      refreshTokens(this.#request, this.#options, { refreshToken })
    );
  }

  revokeToken(token: string): Promise<void> {
    return revokeToken(this.#request, this.#options, { token });
  }

  /** A page of the athlete's activities as Strava sends them, newest first, at most 200. */
  listActivities(
    { page, before, ...options }: ActivityPage,
  ): Promise<unknown[]> {
    const url = new URL(`${this.#options.apiUrl}/athlete/activities`);
    url.searchParams.set("page", String(page));
    url.searchParams.set("per_page", String(PAGE_SIZE));
    if (before) {
      url.searchParams.set(
        "before",
        String(Math.floor(before.getTime() / 1000)),
      );
    }
    return wellFormed(async () => {
      const list = ActivityList.parse(await this.#ask(url.href, options));
      if (list.length <= PAGE_SIZE) return list;
      throw new StravaError(
        "unavailable",
        `Strava sent ${list.length} activities, and was asked for ${PAGE_SIZE} at most`,
        { status: 200 },
      );
    });
  }

  /**
   * The athlete's activity in detail, as Strava sends it. `not_found` covers deleted ones, those
   * that the token may not see, and ids that never were.
   */
  getActivity(
    { id, ...options }: AthleteOptions & { id: number },
  ): Promise<Record<string, unknown>> {
    const url = `${this.#options.apiUrl}/activities/${id}`;
    return wellFormed(async () => Detail.parse(await this.#ask(url, options)));
  }

  #ask(
    url: string,
    { accessToken, ...options }: AthleteOptions,
  ): Promise<unknown> {
    const headers = { authorization: `Bearer ${accessToken}` };
    return this.#request(url, { ...options, headers });
  }

  listSubscriptions(): Promise<Subscription[]> {
    return wellFormed(() => listSubscriptions(this.#request, this.#options));
  }

  createSubscription(
    callback: { callbackUrl: string; verifyToken: string },
  ): Promise<Subscription> {
    return wellFormed(() =>
      createSubscription(this.#request, this.#options, callback)
    );
  }

  deleteSubscription(id: number): Promise<void> {
    return deleteSubscription(this.#request, this.#options, { id });
  }

  readonly #request: StravaRequest = async (url, options = {}) => {
    const isOauth = url.startsWith(this.#options.oauthUrl);
    const timeoutMs = this.#options.timeoutMs ??
      (isOauth ? OAUTH_TIMEOUT_MS : TIMEOUT_MS);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = options.signal
      ? AbortSignal.any([options.signal, timeout])
      : timeout;
    try {
      const response = await (this.#options.fetch ?? fetch)(url, {
        method: options.method ?? "GET",
        headers: { accept: "application/json", ...options.headers },
        ...(options.body ? { body: options.body } : {}),
        // A redirect would lead to a login page, or carry the token elsewhere.
        redirect: "manual",
        signal,
      });
      const rateLimit = readRateLimit(response.headers);
      if (rateLimit) options.onRateLimit?.(rateLimit);
      return await readAnswer(response, { ...options, url, rateLimit });
    } catch (cause) {
      if (cause instanceof StravaError) throw cause;
      options.signal?.throwIfAborted();
      const path = new URL(url).pathname;
      const why = timeout.aborted ? `within ${timeoutMs / 1000} s` : "whole";
      throw new StravaError(
        "unreachable",
        `Strava did not answer ${path} ${why}`,
        { cause },
      );
    }
  };
}

/** Parses a success, throws everything else as what it means. */
async function readAnswer(
  response: Response,
  { url, rateLimit, emptyAnswer }: RequestOptions & {
    url: string;
    rateLimit: RateLimitReading | undefined;
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
async function wellFormed<T>(call: () => Promise<T>): Promise<T> {
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
