import assert from "node:assert/strict";
import { createUser, type NewUser } from "../../server/accounts/users.ts";
import type { Passwords } from "../../server/crypto/password_hash.ts";
import type { TestApp } from "./app.ts";

/** The default password of test users. */
export const PASSWORD = "ten thousand miles";
/** The default client address of the test browser. */
export const ADDRESS = "203.0.113.7";
const FRONTEND = "http://frontend.test";
const SERVER_URL = "http://localhost:5001";

/** Creates a user. The password is PASSWORD by default. */
export async function insertUser(
  { deps }: Pick<TestApp, "deps">,
  user: Partial<NewUser> = {},
): Promise<{ id: string }> {
  const username = user.username ?? "ada";
  const context = { ...deps, address: undefined, agent: undefined };
  const created = await createUser(context, {
    username,
    email: `${username}@example.com`,
    displayName: "Ada Example",
    role: "member",
    password: PASSWORD,
    ...user,
  }, "user_created");
  assert.ok(created);
  return created.account;
}

/** The options of a request. */
export interface BrowserInit {
  body?: unknown;
  headers?: Record<string, string>;
  address?: string;
}

/** A browser on a page of the frontend. It keeps cookies and sends its origin. */
export interface Browser {
  cookies: Map<string, string>;
  get(path: string, init?: BrowserInit): Promise<Response>;
  post(path: string, init?: BrowserInit): Promise<Response>;
  logIn(init?: BrowserInit): Promise<Response>;
  /** Returns a second browser with the same cookies, like a thief's. */
  copy(): Browser;
}

/** Opens a browser without cookies. An origin of `null` makes it a program that sends no origin. */
export function openBrowser(
  { app }: Pick<TestApp, "app">,
  { origin = FRONTEND, serverUrl = SERVER_URL }: {
    origin?: string | null;
    serverUrl?: string;
  } = {},
): Browser {
  return withCookies(new Map());

  function withCookies(cookies: Map<string, string>): Browser {
    async function send(
      method: string,
      path: string,
      { body, headers, address = ADDRESS }: BrowserInit = {},
    ): Promise<Response> {
      const request = new Request(new URL(path, serverUrl), {
        method,
        headers: {
          ...(cookies.size > 0 ? { cookie: toHeader(cookies) } : {}),
          ...(origin !== null && method !== "GET" ? { origin } : {}),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const response = await app(request, { address });
      for (const line of response.headers.getSetCookie()) {
        storeCookie(cookies, line);
      }
      return response;
    }
    return {
      cookies,
      get: (path, init) => send("GET", path, init),
      post: (path, init) => send("POST", path, init),
      logIn: (
        { body = { username: "ada", password: PASSWORD }, ...init } = {},
      ) => send("POST", "/api/auth/login", { body, ...init }),
      copy: () => withCookies(new Map(cookies)),
    };
  }
}

function toHeader(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

function storeCookie(cookies: Map<string, string>, line: string): void {
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  assert.ok(name);
  if (/; Max-Age=0(;|$)/.test(line)) cookies.delete(name);
  else cookies.set(name, value ?? "");
}

/** Returns the status and the reason of a failed response, from REST or tRPC. */
export async function reasonOf(
  response: Response,
): Promise<[number, string | undefined]> {
  const body = await response.json();
  const reason = body.reason ?? body.error?.json?.data?.reason;
  return [response.status, reason];
}

/** Records each call of the password hasher, in order. */
export function recordHashing({ deps }: TestApp): string[] {
  const calls: string[] = [];
  const { passwords } = deps;
  const recorded: Passwords = {
    hash(password) {
      calls.push("hash");
      return passwords.hash(password);
    },
    async verify(password, hash) {
      const verdict = await passwords.verify(password, hash);
      calls.push("verify");
      return verdict;
    },
  };
  deps.passwords = recorded;
  return calls;
}

/** Returns everything a client sees of a response except the request id. */
export async function readWhole(response: Response): Promise<unknown> {
  const { request_id: _, ...body } = await response.json();
  const headers = Object.fromEntries(
    // These differ with every request.
    [...response.headers].filter(([name]) =>
      name !== "x-request-id" && !name.startsWith("ratelimit-")
    ),
  );
  return { status: response.status, headers, body };
}

/** Reports whether the browser has a live session. */
export async function isLoggedIn(browser: Browser): Promise<boolean> {
  const response = await browser.get("/api/auth/me");
  await response.body?.cancel();
  return response.status === 200;
}
