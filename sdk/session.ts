import { type ApiError, isApiError } from "./errors.ts";
import { createTabs } from "./tabs.ts";

/** Why there is no session any more. */
export type SignedOut = "expired" | "logged_out";

/** How a session is kept. */
export interface SessionOptions {
  /**
   * Told once when the session is over: `expired` where no refresh has helped, as its time was up or
   * it was ended elsewhere; `logged_out` after `auth.logout`, here or in another tab of the page.
   */
  onSignedOut?: ((why: SignedOut) => void) | undefined;
}

/** What a session hangs on where no cookies are used. */
interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** When a call was sent: on the clock, and after how many refreshes. */
export interface SentAt {
  time: number;
  generation: number;
}

/** The session of one client. */
export interface Session {
  /** Whether requests carry cookies: not where the client has the tokens itself. */
  credentials(): "include" | "omit";
  /** What requests carry where the client has the tokens. */
  headers(): Record<string, string>;
  /** The input of a call, with the token where it is about that. */
  toInput(path: string, input: unknown): unknown;
  /** Takes notice of what a call has answered. */
  notice(path: string, output: unknown): void;
  /** To be asked before a call is sent. */
  now(): SentAt;
  /**
   * Whether a refused call makes sense again, as the session goes on: refreshes it unless that was
   * done since the call was sent.
   *
   * @throws {ApiError} Where no refresh could be had although the session may be good.
   */
  renew(error: unknown, path: string, sentAt: SentAt): Promise<boolean>;
}

const REFRESH = "auth.refresh";
/** What opens a session, or changes its tokens. */
const OPENING: readonly string[] = ["auth.login", "auth.signUp", REFRESH];
const LOGOUT = "auth.logout";
/** What a call is told that comes without a credential. */
const ABSENT: readonly string[] = ["missing_session", "missing_api_key"];

/** A session that is refreshed by `refresh`, the call without more ado. */
export function createSession(
  { name, refresh, onSignedOut = () => {} }: SessionOptions & {
    /** Equal in all tabs. */
    name: string;
    refresh: (input: unknown) => Promise<unknown>;
  },
): Session {
  const tabs = createTabs(name, {
    onLoggedOut() {
      if (!tokens) end("logged_out");
    },
  });
  let tokens: Tokens | undefined;
  let isSignedIn = false;
  /** Grows with each new set of tokens. */
  let generation = 0;
  /** Grows with each login and each end. */
  let epoch = 0;
  let renewing: Promise<boolean> | undefined;

  function notice(path: string, output: unknown): void {
    if (path === "auth.me") isSignedIn = true;
    if (OPENING.includes(path)) {
      tokens = readTokens(output);
      isSignedIn = true;
      generation++;
      if (path !== REFRESH) epoch++;
      if (!tokens) tabs.setRefreshed();
    }
    if (path === LOGOUT) {
      if (!tokens) tabs.setLoggedOut();
      end("logged_out");
    }
  }

  function end(why: SignedOut): void {
    tokens = undefined;
    isSignedIn = false;
    epoch++;
    onSignedOut(why);
  }

  function toInput(path: string, input: unknown): unknown {
    return tokens && input === undefined &&
        (path === REFRESH || path === LOGOUT)
      ? { refresh_token: tokens.refresh_token }
      : input;
  }

  function isFresh(sentAt: SentAt): boolean {
    return generation > sentAt.generation ||
      (!tokens && tabs.isRefreshedSince(sentAt.time));
  }

  async function refreshOnce(sentAt: SentAt): Promise<boolean> {
    // Another tab may have done it while this one waited.
    if (isFresh(sentAt)) return true;
    const before = epoch;
    try {
      const output = await refresh(toInput(REFRESH, undefined));
      // Whoever has logged in or out meanwhile has the last word.
      if (epoch === before) notice(REFRESH, output);
      return true;
    } catch (error) {
      if (!isApiError(error) || error.status !== 401) throw error;
      if (epoch === before) end("expired");
      return false;
    }
  }

  /** Whether an error says that the session has expired, or that there is none where there was one. */
  function isExpiry(error: unknown, path: string): error is ApiError {
    if (!isApiError(error) || error.status !== 401) return false;
    if (OPENING.includes(path) || path === LOGOUT) return false;
    return error.reason === "session_expired" ||
      (isSignedIn && ABSENT.includes(error.reason));
  }

  return {
    credentials: () => tokens ? "omit" : "include",
    headers: () =>
      tokens ? { authorization: `Bearer ${tokens.access_token}` } : {},
    toInput,
    notice,
    now: () => ({ time: Date.now(), generation }),
    async renew(error, path, sentAt) {
      if (!isExpiry(error, path)) return false;
      if (isFresh(sentAt)) return true;
      const work = () => refreshOnce(sentAt);
      renewing ??= (tokens ? work() : tabs.alone(work))
        .finally(() => renewing = undefined);
      return await renewing;
    },
  };
}

function readTokens(output: unknown): Tokens | undefined {
  const { access_token, refresh_token } = output as Partial<Tokens>;
  return access_token !== undefined && refresh_token !== undefined
    ? { access_token, refresh_token }
    : undefined;
}
