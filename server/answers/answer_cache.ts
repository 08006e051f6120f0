import { LRUCache } from "lru-cache";
import { isListedOrigin } from "../auth/origins.ts";
import type { AnswerNotes, Caller, Deps } from "../context.ts";
import { readClientAddress } from "../http/client_address.ts";
import type { Answers, Peer } from "../http/middleware.ts";
import type { Counted } from "../http/rate_counter.ts";
import type { Limits, Sender } from "../http/request_limits.ts";
import {
  toCorsHeaders,
  toRateHeaders,
  toSecurityHeaders,
} from "../http/response_headers.ts";
import {
  type Answer,
  type AnswerVersion,
  createAnswer,
  render,
  type Rendered,
} from "./answer.ts";
import { createAthleteMemory } from "./athlete_memory.ts";
import { createAnswerStore } from "./answer_store.ts";
import { createChangeLease } from "./change_lease.ts";
import { createChangeLog } from "./change_log.ts";
import { isPublicRead } from "./public_read.ts";
import { createReadLog } from "./read_log.ts";

/** Answers requests that were answered before. */
export interface AnswerCache extends Answers {
  /** Answers from memory, or passes the request on. */
  serve(request: Request, peer: Peer, next: Next): Response | Promise<Response>;
}

type Next = (peer: Peer) => Promise<Response>;

/** A request whose answer others wait for. */
interface Flight {
  /** Number of the last change before it. */
  begin: number;
  /** When it began, as `performance.now()` gives it. */
  beginAt: number;
  answer: Promise<Answer | undefined>;
  land: (answer: Answer | undefined) => void;
}

/** Memory of the versions of answers, about. A version is remembered longer than its answer. */
const MAX_VERSIONS_BYTES = 2 * 1024 * 1024;

/** Time between two warnings that nothing is kept, in milliseconds. */
const WARNING_MS = 10 * 60_000;
const ANONYMOUS: Caller = { kind: "anonymous" };

/**
 * Creates the cache of the answers to anonymous public reads. A frontend asks the same few questions
 * all day, and their answers change only with a commit or at the athlete's midnight.
 *
 * No answer is older than the last commit by more than a second, whichever process made it: see
 * {@link createChangeLease}. In the process that made it, a successful request that may change
 * something is answered after its change has arrived here.
 */
export function createAnswerCache(
  deps: Deps,
  { limits }: { limits: Limits },
): AnswerCache {
  const { config, now, log, logRequest } = deps;
  const security = toSecurityHeaders(config);
  const store = createAnswerStore(config.caching);
  const changes = createChangeLog();
  const flights = new Map<string, Flight & { notes: AnswerNotes }>();
  const versions = new LRUCache<string, AnswerVersion>({
    maxSize: MAX_VERSIONS_BYTES,
    sizeCalculation: (_version, url) => url.length + 100,
  });
  const athletes = createAthleteMemory({
    isCurrent: () => lease.isCurrent(reads.last([])),
    countChanges: changes.last,
    now,
  });

  function dropAthlete(id: number): void {
    changes.add(id);
    store.removeAthlete(id);
    athletes.removeAthlete(id);
  }
  function dropAll(): void {
    changes.addAll();
    store.clear();
    athletes.clear();
  }
  let warnedAt = -Infinity;
  function warn(cause: unknown): void {
    // The connection ends with the program.
    if (deps.background.signal.aborted) return;
    if (performance.now() - warnedAt < WARNING_MS) return;
    warnedAt = performance.now();
    const reason = cause instanceof Error ? cause.message : String(cause);
    log.warning("Answers are not kept for now: {reason}", { reason });
  }
  const listener = deps.listenForChanges({
    onAthlete: dropAthlete,
    onAny: dropAll,
  });
  const lease = createChangeLease(listener, {
    onLost(cause) {
      dropAll();
      warn(cause);
    },
  });
  // Answers that were read before the first notification can arrive would have to be dropped.
  void lease.renew();

  const reads = createReadLog({ onNewer: dropAthlete });

  function find(url: string): Answer | undefined {
    const answer = store.get(url);
    return answer && now() < answer.expiresAt ? answer : undefined;
  }

  /**
   * Reports whether an answer may be sent without a question to the database. The queries of a request
   * do not share a snapshot: after a read, kept answers may be older than it.
   */
  function isCurrent({ athletes }: Answer): boolean {
    return lease.isCurrent(reads.last(athletes));
  }

  /** Finds an answer after a question to the database. */
  async function findCurrent(url: string): Promise<Answer | undefined> {
    // A question that was under way already may be too old.
    for (let count = 0; count < 2; count++) {
      if (!await lease.renew()) return undefined;
      const answer = find(url);
      if (!answer || isCurrent(answer)) return answer;
    }
    return undefined;
  }

  /** Sends a kept answer. Returns `undefined` if the routes have to see the request. */
  function send(
    answer: Answer,
    request: Request,
    peer: Peer,
  ): Response | undefined | Promise<Response | undefined> {
    const { headers, method } = request;
    const origin = headers.get("origin");
    if (origin !== null && !isListedOrigin(origin, config)) return undefined;
    const address = readClientAddress(config, { headers, peer: peer.address });
    const rate = limits.countAddress(address);
    if (rate?.isRefused) return undefined;
    const requestId = crypto.randomUUID();
    const facts = { caller: ANONYMOUS, address, requestId, rate, origin };
    const finish = (rendered: Rendered): Response | undefined => {
      let response;
      try {
        response = complete(rendered, facts);
      } catch {
        return undefined; // the routes refuse it with the reason
      }
      const { status } = response;
      const line = { requestId, method, path: answer.path, status };
      logRequest({ ...line, milliseconds: 0 });
      return response;
    };
    const rendered = render(answer, request);
    return rendered instanceof Promise
      ? rendered.then(finish)
      : finish(rendered);
  }

  /** Creates the response to one client. */
  function complete(
    { status, headers, body }: Rendered,
    { requestId, rate, origin, ...sender }: Sender & {
      requestId: string;
      rate: Counted | undefined;
      origin: string | null;
    },
  ): Response {
    headers.push(["x-request-id", requestId]);
    if (rate) headers.push(...toRateHeaders(rate, config));
    if (origin !== null && isListedOrigin(origin, config)) {
      headers.push(...toCorsHeaders(origin));
    }
    const init = { status, headers };
    return body ? limits.respond(sender, body, init) : new Response(null, init);
  }

  /** Lets the routes answer, while others wait for the same answer. */
  async function lead(
    request: Request,
    peer: Peer,
    next: Next,
  ): Promise<Response> {
    const { url } = request;
    const notes: AnswerNotes = { athletes: [], canKeep: true };
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    const flight = {
      begin: changes.last(),
      beginAt: performance.now(),
      answer: promise,
      land: resolve,
      notes,
    };
    flights.set(url, flight);
    try {
      return await next({ ...peer, notes });
    } finally {
      if (flights.get(url) === flight) flights.delete(url);
      resolve(undefined);
    }
  }

  async function follow(
    answer: Promise<Answer | undefined>,
    request: Request,
    peer: Peer,
    next: Next,
  ): Promise<Response> {
    const found = await answer;
    const sent = found && await send(found, request, peer);
    return sent ?? await lead(request, peer, next);
  }

  /** Passes a change on. Its response waits until this process knows of the change. */
  async function change(peer: Peer, next: Next): Promise<Response> {
    const response = await next(peer);
    if (response.ok) await lease.catchUp();
    return response;
  }

  return {
    recallAthlete: athletes.recall,
    serve(request, peer, next) {
      const { method, url } = request;
      if (method !== "GET" && method !== "HEAD") {
        return method === "OPTIONS" ? next(peer) : change(peer, next);
      }
      if (!isPublicRead(request, config)) return next(peer);
      const answer = find(url);
      if (answer && isCurrent(answer)) {
        const sent = send(answer, request, peer);
        return sent instanceof Promise
          ? sent.then((response) => response ?? next(peer))
          : sent ?? next(peer);
      }
      if (answer) {
        return follow(findCurrent(url), request, peer, next);
      }
      const flight = flights.get(url);
      return flight?.begin === changes.last()
        ? follow(flight.answer, request, peer, next)
        : lead(request, peer, next);
    },
    respond(ctx, { request, body, type }) {
      const { notes, requestId, rate } = ctx;
      const { athletes } = notes;
      if (!notes.canKeep || athletes.length === 0) return undefined;
      const { url } = request;
      const answer = createAnswer(body, {
        type,
        security,
        athletes,
        path: new URL(url).pathname,
        now: now(),
        known: versions.get(url),
        config,
      });
      const { tag, lastModified } = answer;
      versions.set(url, { tag, lastModified });
      const flight = flights.get(url);
      if (flight?.notes === notes) offer(url, { answer, flight });
      const origin = request.headers.get("origin");
      const finish = (rendered: Rendered): Response => {
        store.grow(url, answer);
        return complete(rendered, { ...ctx, requestId, rate, origin });
      };
      const rendered = render(answer, request);
      return rendered instanceof Promise
        ? rendered.then(finish)
        : finish(rendered);
    },
    noteRead({ athletes, canKeep }, status) {
      reads.add(athletes);
      // The athlete may be hidden or deleted now, and other answers may still show it.
      if (canKeep && (status === 401 || status === 404)) reads.addNone();
    },
  };

  /** Keeps an answer, unless its athlete has changed while it was computed. */
  function offer(
    url: string,
    { answer, flight }: { answer: Answer; flight: Flight },
  ): void {
    const ids = answer.athletes.map(({ id }) => id);
    if (changes.hasChanged(ids, { since: flight.begin })) return;
    store.offer(url, answer);
    // Clients that wait for this answer may have seen a newer one.
    const isOvertaken = reads.last(answer.athletes) > flight.beginAt;
    if (!isOvertaken) flight.land(answer);
  }
}
