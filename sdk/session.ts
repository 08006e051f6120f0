import { type ApiError, isApiError } from "./errors.ts";
import { createTabs } from "./tabs.ts";

/** Why a session ended. */
export type SignedOut = "expired" | "logged_out";

/** The options of a session. */
export interface SessionOptions {
  /**
   * A function that is called once when the session ends. `expired`: it could not be refreshed,
   * because it was too old or was ended elsewhere. `logged_out`: after `auth.logout`, here or in
   * another tab of the page.
   */
  onSignedOut?: ((why: SignedOut) => void) | undefined;
}

/** The tokens of a session that uses no cookies. */
interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** When a call was sent: the time, and the number of refreshes before it. */
export interface SentAt {
  time: number;
  generation: number;
}

/** The session of one client. */
export interface Session {
  /** Returns whether requests carry cookies. They do not if the client keeps the tokens itself. */
  credentials(): "include" | "omit";
  /** Returns the headers of requests, if the client keeps the tokens itself. */
  headers(): Record<string, string>;
  /** Returns the input of a call, with the refresh token if the call needs it. */
  addToken(path: string, input: unknown): unknown;
  /** Updates the session from the output of a call. */
  recordOutput(path: string, output: unknown): void;
  /** Returns the time and the generation. Call it before a call is sent. */
  now(): SentAt;
  /**
   * Reports whether a refused call should be sent again. Refreshes the session, unless that
   * happened since the call was sent.
   *
   * @throws {ApiError} If the refresh failed although the session may be valid.
   */
  renew(error: unknown, path: string, sentAt: SentAt): Promise<boolean>;
}

const REFRESH = "auth.refresh";
/** The procedures that open a session or change its tokens. */
const TOKEN_PROCEDURES: readonly string[] = [
  "auth.login",
  "auth.signUp",
  REFRESH,
];
const LOGOUT = "auth.logout";
/** The reasons of calls that are refused because they carry no credential. */
const MISSING_CREDENTIAL_REASONS: readonly string[] = [
  "missing_session",
  "missing_api_key",
];

/** Creates a session. `refresh` sends the call that refreshes it, and nothing else. */
export function createSession(
  { name, refresh, onSignedOut = () => {} }: SessionOptions & {
    /** The same in all tabs. */
    name: string;
    refresh: (input: unknown) => Promise<unknown>;
  },
): Session {
  const tabs = createTabs(name, {
    onLoggedOut() {
      if (!tokens) endSession("logged_out");
    },
  });
  let tokens: Tokens | undefined;
  let isSignedIn = false;
  /** Counts sets of tokens. */
  let generation = 0;
  /** Counts logins and ends of the session. */
  let loginCount = 0;
  let renewing: Promise<boolean> | undefined;

  function recordOutput(path: string, output: unknown): void {
    if (path === "auth.me") isSignedIn = true;
    if (TOKEN_PROCEDURES.includes(path)) {
      tokens = readTokens(output);
      isSignedIn = true;
      generation++;
      if (path !== REFRESH) loginCount++;
      if (!tokens) tabs.setRefreshed();
    }
    if (path === LOGOUT) {
      if (!tokens) tabs.setLoggedOut();
      endSession("logged_out");
    }
  }

  function endSession(why: SignedOut): void {
    tokens = undefined;
    isSignedIn = false;
    loginCount++;
    onSignedOut(why);
  }

  function addToken(path: string, input: unknown): unknown {
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
    // Another tab may have refreshed it while this one waited.
    if (isFresh(sentAt)) return true;
    const before = loginCount;
    try {
      const output = await refresh(addToken(REFRESH, undefined));
      // A login or logout during the refresh takes precedence.
      if (loginCount === before) recordOutput(REFRESH, output);
      return true;
    } catch (error) {
      if (!isApiError(error) || error.status !== 401) throw error;
      if (loginCount === before) endSession("expired");
      return false;
    }
  }

  /**
   * Reports whether an error means that the session expired, or that it is gone although the user
   * was logged in.
   */
  function isExpiry(error: unknown, path: string): error is ApiError {
    if (!isApiError(error) || error.status !== 401) return false;
    if (TOKEN_PROCEDURES.includes(path) || path === LOGOUT) return false;
    return error.reason === "session_expired" ||
      (isSignedIn && MISSING_CREDENTIAL_REASONS.includes(error.reason));
  }

  return {
    credentials: () => tokens ? "omit" : "include",
    headers: () =>
      tokens ? { authorization: `Bearer ${tokens.access_token}` } : {},
    addToken,
    recordOutput,
    now: () => ({ time: Date.now(), generation }),
    async renew(error, path, sentAt) {
      if (!isExpiry(error, path)) return false;
      if (isFresh(sentAt)) return true;
      const work = () => refreshOnce(sentAt);
      renewing ??= (tokens ? work() : tabs.runExclusively(work))
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
