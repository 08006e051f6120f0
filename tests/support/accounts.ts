import assert from "node:assert/strict";
import { createUser, type NewUser } from "../../server/accounts/users.ts";
import type { TestApp } from "./app.ts";

export const PASSWORD = "ten thousand miles";
/** Where the tests' browser comes from, as the other end of its connection. */
export const ADDRESS = "203.0.113.7";
const FRONTEND = "http://frontend.test";
const SERVER_URL = "http://localhost:5001";

/** A user of the instance; the password is PASSWORD unless it is given. */
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

/** What is sent beside the method and the path. */
export interface BrowserInit {
  body?: unknown;
  headers?: Record<string, string>;
  address?: string;
}

/** A browser on a page of the frontend: it keeps cookies and says where it is. */
export interface Browser {
  cookies: Map<string, string>;
  get(path: string, init?: BrowserInit): Promise<Response>;
  post(path: string, init?: BrowserInit): Promise<Response>;
  logIn(init?: BrowserInit): Promise<Response>;
  /** A second one with the same cookies, as a thief has them. */
  copy(): Browser;
}

/** A browser, perhaps one that is logged in; an origin of `null` is a program without any. */
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
      for (const line of response.headers.getSetCookie()) keep(cookies, line);
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

function keep(cookies: Map<string, string>, line: string): void {
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  assert.ok(name);
  if (/; Max-Age=0(;|$)/.test(line)) cookies.delete(name);
  else cookies.set(name, value ?? "");
}

/** The status and the reason of an answer, whichever way it was asked for. */
export async function reasonOf(
  response: Response,
): Promise<[number, string | undefined]> {
  const body = await response.json();
  const reason = body.reason ?? body.error?.json?.data?.reason;
  return [response.status, reason];
}
