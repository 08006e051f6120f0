import type { StravaApp } from "./app.ts";
import { parseCoerced } from "./coerce.ts";
import { StravaError } from "./errors.ts";
import { exchangeCode, refreshTokens, revokeToken } from "./oauth.ts";
import type { RateLimitReading } from "./rate_limit_headers.ts";
import { rejectUnknownShape } from "./response.ts";
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
  type ClientOptions,
  createSendRequest,
  type SendRequest,
} from "./send_request.ts";
import { StravaStreams, STREAMS_QUERY } from "./streams.ts";
import {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
} from "./push_subscriptions.ts";

/** Items per page of a list, Strava's maximum. */
export const PAGE_SIZE = 200;

/** Options of every request on an athlete's behalf. */
interface AthleteOptions {
  accessToken: string;
  signal?: AbortSignal;
  /** Receives the rate limit of each response that states it. */
  onRateLimit?: (reading: RateLimitReading) => void;
}

/** A page of the list of activities. */
export interface ActivityPage extends AthleteOptions {
  /** From 1. */
  page: number;
  /**
   * Only activities that started before this time. Strava does not document whether an activity
   * that started exactly then is included.
   */
  before?: Date | undefined;
}

/**
 * The part of Strava's API v3 (https://developers.strava.com/docs/reference/) that Paceline uses.
 * Every failure is a {@link StravaError}. The client does not retry.
 */
export class StravaClient {
  // Private, so that an inspected client does not show the secret.
  readonly #app: StravaApp;
  readonly #send: SendRequest;

  constructor(options: ClientOptions) {
    this.#app = options;
    this.#send = createSendRequest(options);
  }

  /** The OAuth application, for the address of its consent page. */
  get app(): StravaApp {
    return this.#app;
  }

  /** Exchanges the single-use code of a redirect for tokens. */
  exchangeCode(code: string): Promise<TokenExchange> {
    return rejectUnknownShape(() =>
      exchangeCode(this.#send, this.#app, { code })
    );
  }

  /** Returns new tokens. They replace both stored tokens. */
  refreshTokens(refreshToken: string): Promise<TokenRefresh> {
    return rejectUnknownShape(() =>
      refreshTokens(this.#send, this.#app, { refreshToken })
    );
  }

  /** Ends the grant at Strava. */
  revokeToken(token: string): Promise<void> {
    return revokeToken(this.#send, this.#app, { token });
  }

  /** Returns the raw activities of a page, newest first, at most {@link PAGE_SIZE}. */
  listActivities(
    { page, before, ...options }: ActivityPage,
  ): Promise<unknown[]> {
    const url = new URL(`${this.#app.apiUrl}/athlete/activities`);
    url.searchParams.set("page", String(page));
    url.searchParams.set("per_page", String(PAGE_SIZE));
    if (before) {
      url.searchParams.set(
        "before",
        String(Math.floor(before.getTime() / 1000)),
      );
    }
    return rejectUnknownShape(async () => {
      const list = ActivityList.parse(await this.#get(url.href, options));
      if (list.length <= PAGE_SIZE) return list;
      throw new StravaError(
        "unavailable",
        `Strava sent ${list.length} activities: expected at most ${PAGE_SIZE}`,
        { status: 200 },
      );
    });
  }

  /** Returns the athlete's profile, with the gear in use. */
  getAthlete(options: AthleteOptions): Promise<Profile> {
    const url = `${this.#app.apiUrl}/athlete`;
    return rejectUnknownShape(async () =>
      parseCoerced(Profile, await this.#get(url, options))
    );
  }

  /**
   * Returns a pair of shoes or a bike, retired ones too.
   *
   * @throws {StravaError} `not_found` for an id that Strava does not know.
   */
  getGear(
    { id, ...options }: AthleteOptions & { id: string },
  ): Promise<StravaGear> {
    const url = `${this.#app.apiUrl}/gear/${encodeURIComponent(id)}`;
    return rejectUnknownShape(async () =>
      parseCoerced(StravaGear, await this.#get(url, options))
    );
  }

  /**
   * Returns the raw detail of an activity.
   *
   * @throws {StravaError} `not_found` for a deleted activity, for one that the token may not see,
   * and for an id that never existed.
   */
  getActivity(
    { id, ...options }: AthleteOptions & { id: number },
  ): Promise<Record<string, unknown>> {
    const url = `${this.#app.apiUrl}/activities/${id}`;
    return rejectUnknownShape(async () =>
      Detail.parse(await this.#get(url, options))
    );
  }

  /**
   * Returns the streams of an activity.
   *
   * @throws {StravaError} `not_found` for an activity without streams, and as `getActivity` does.
   */
  getStreams(
    { id, ...options }: AthleteOptions & { id: number },
  ): Promise<StravaStreams> {
    const url = `${this.#app.apiUrl}/activities/${id}/streams?${STREAMS_QUERY}`;
    return rejectUnknownShape(async () =>
      parseCoerced(StravaStreams, await this.#get(url, options))
    );
  }

  #get(
    url: string,
    { accessToken, ...options }: AthleteOptions,
  ): Promise<unknown> {
    const headers = { authorization: `Bearer ${accessToken}` };
    return this.#send(url, { ...options, headers });
  }

  /** Returns the application's push subscriptions. */
  listSubscriptions(): Promise<Subscription[]> {
    return rejectUnknownShape(() => listSubscriptions(this.#send, this.#app));
  }

  /** Subscribes the callback to push events. */
  createSubscription(
    callback: { callbackUrl: string; verifyToken: string },
  ): Promise<Subscription> {
    return rejectUnknownShape(() =>
      createSubscription(this.#send, this.#app, callback)
    );
  }

  /** Deletes a push subscription. */
  deleteSubscription(id: number): Promise<void> {
    return deleteSubscription(this.#send, this.#app, { id });
  }
}
