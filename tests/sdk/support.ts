import assert from "node:assert/strict";
import { type ApiError, isApiError } from "@paceline/sdk";
import superjson from "superjson";
import type { TestApp } from "../support/app.ts";

/** Returns the error of a failing call. Fails if the call succeeds. */
export async function catchApiError(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(() => undefined, (error: unknown) => error);
  assert.ok(isApiError(error), `not an ApiError: ${error}`);
  return error;
}

type Answer = () => Response | Promise<Response>;

/** A server that gives a fixed list of responses, which the real server would not give. */
interface AnswerServer extends AsyncDisposable {
  url: string;
  /** The number and the paths of the requests so far. */
  readonly count: number;
  paths: string[];
  /** Resolves when the first request has arrived. */
  asked: Promise<void>;
  /** Resolves when a sender has aborted its request. */
  aborted: Promise<void>;
  stop(): Promise<void>;
}

export function serveAnswers(answers: readonly Answer[]): AnswerServer {
  const paths: string[] = [];
  const asked = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<Response>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => {
      request.signal.addEventListener("abort", () => aborted.resolve());
      const answer = answers[paths.length];
      paths.push(new URL(request.url).pathname);
      asked.resolve();
      assert.ok(answer, "one request too many");
      return Promise.race([answer(), stopped.promise]);
    },
  );
  async function stop(): Promise<void> {
    stopped.resolve(new Response());
    await server.shutdown();
  }
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    get count() {
      return paths.length;
    },
    paths,
    asked: asked.promise,
    aborted: aborted.promise,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

const YTD = {
  result: {
    data: superjson.serialize({ type: "ytd", fetched_at: new Date(0) }),
  },
};

/** Responses to a query of `stats.ytd`, valid and invalid. */
export const ANSWERS = {
  ok: () => Response.json([YTD]),
  okTwice: () => Response.json([YTD, YTD]),
  html: () => new Response("<h1>Welcome</h1>"),
  empty: () => new Response(""),
  truncated: () => new Response('[{"result":{"da'),
  other: () => Response.json({ hello: "world" }),
  never: () => new Promise<Response>(() => {}),
  tooLarge: () =>
    Response.json({
      status: 413,
      detail: "Too large",
      reason: "body_too_large",
      request_id: "id-1",
    }, {
      status: 413,
      headers: { "content-type": "application/problem+json" },
    }),
  /** Returns a failure in tRPC's wire format. */
  status: (status: number, headers: Record<string, string> = {}) => () =>
    Response.json([{
      error: superjson.serialize({
        code: -32000,
        message: "no",
        data: { httpStatus: status, reason: "database_unavailable" },
      }),
    }], { status, headers }),
  gate: () => Promise.withResolvers<void>(),
};

/** A browser's `fetch`: it keeps cookies and sends them if the request allows it. */
export interface BrowserFetch {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  cookies: Map<string, string>;
  /** The paths of the requests, below `/trpc/` and without queries. */
  sent: string[];
}

/** A page of the frontend in front of the whole server. */
export function createBrowserFetch(
  { app }: Pick<TestApp, "app">,
  cookies = new Map<string, string>(),
): BrowserFetch {
  const sent: string[] = [];
  return {
    cookies,
    sent,
    async fetch(url, init) {
      const headers = new Headers(init.headers);
      const isIncluded = init.credentials === "include";
      if (isIncluded && cookies.size > 0) {
        const pairs = [...cookies].map(([name, value]) => `${name}=${value}`);
        headers.set("cookie", pairs.join("; "));
      }
      if (init.method === "POST") headers.set("origin", "http://frontend.test");
      sent.push(new URL(url).pathname.replace(/^.*\/trpc\//, ""));
      const response = await app(new Request(url, { ...init, headers }));
      for (const line of response.headers.getSetCookie()) {
        if (!isIncluded) continue;
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
        if (/; Max-Age=0(;|$)/.test(line)) cookies.delete(name!);
        else cookies.set(name!, value!);
      }
      return response;
    },
  };
}

/** Pretends to be a page until disposed: the tabs of a page share locks and storage. */
export function openPage(): Disposable {
  Object.assign(globalThis, { document: {} });
  return {
    [Symbol.dispose]() {
      Reflect.deleteProperty(globalThis, "document");
      localStorage.clear();
    },
  };
}
