import { readAnswer, wellFormed } from "./response.ts";
import { StravaError } from "./errors.ts";
import {
  exchangeCode,
  refreshTokens,
  revokeToken,
  type StravaApp,
} from "./oauth.ts";
import { type RateLimitReading, readRateLimit } from "./rate_limit_headers.ts";
import {
  ActivityList,
  Detail,
  Profile,
  StravaGear,
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

  /** The athlete's profile, with the gear in use. */
  getAthlete(options: AthleteOptions): Promise<Profile> {
    const url = `${this.#options.apiUrl}/athlete`;
    return wellFormed(async () => Profile.parse(await this.#ask(url, options)));
  }

  /** Shoes or a bike, retired ones too; `not_found` for an id that Strava does not know. */
  getGear(
    { id, ...options }: AthleteOptions & { id: string },
  ): Promise<StravaGear> {
    const url = `${this.#options.apiUrl}/gear/${encodeURIComponent(id)}`;
    return wellFormed(async () =>
      StravaGear.parse(await this.#ask(url, options))
    );
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
