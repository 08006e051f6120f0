import { userOf } from "../auth/access.ts";
import type { Caller, Deps } from "../context.ts";
import { AppError } from "../errors.ts";
import { createGate } from "./concurrency_limit.ts";
import { parseNetwork } from "./network.ts";
import { type Counted, createRateCounter } from "./rate_counter.ts";
import { sendBytes, sendStream } from "./slow_reader.ts";

/** Length of the window of `RATE_LIMIT`, in seconds. */
export const RATE_WINDOW_SECONDS = 60;
/**
 * Budgets that the /64 networks of one /56 have together. Many customers have a whole /56, and could
 * otherwise take 256 budgets.
 */
const BUDGETS_OF_SITE = 4;
/** Heavy procedures that run at once, in the whole process. Light ones run between them. */
const MAX_HEAVY = 2;
/** Heavy procedures that may wait for one client. */
const MAX_WAITING = 200;
/** Streams that may be open at once, for all clients together. */
const MAX_ALL_STREAMS = 500;
/** Longest duration of a stream. The SDK and EventSource connect again. */
const MAX_STREAM_MS = 15 * 60 * 1000;
/** Length from which a body is sent in parts, in bytes or characters. */
const LARGE_BODY = 64 * 1024;
/** Bytes of large bodies that may wait for their readers, for one client and for all. */
const MAX_PENDING = 32 * 1024 * 1024;
const MAX_ALL_PENDING = 128 * 1024 * 1024;
const RETRY_AFTER_SECONDS = 5;

/** The sender of a request, as far as the limits are concerned. */
export interface Sender {
  caller: Caller;
  address: string | undefined;
}

/** The limits of all requests of this process. */
export interface Limits {
  /** Takes one unit for a request whose caller is not known yet. */
  countAddress(address: string | undefined): Counted | undefined;
  /**
   * Takes the request's whole cost, less the unit that its address paid. A user pays instead of the
   * address, so that users behind one address do not limit each other.
   */
  countCost(sender: Sender, cost: number): Counted | undefined;
  /** Takes one of the client's places for a request. Returns a function that gives it back. */
  enter(sender: Sender): () => void;
  /** Runs heavy work in the client's turn. */
  runHeavy<T>(sender: Sender, work: () => Promise<T>): Promise<T>;
  /** Takes one of the client's places for a stream, which the returned function limits. */
  enterStream(sender: Sender): StreamPlace;
  /** Returns a response with a body of any length. It ends early if the client stops reading. */
  respond(
    sender: Sender,
    body: string | Uint8Array<ArrayBuffer>,
    init: ResponseInit,
  ): Response;
  /** Returns the stream, which ends early if the client stops reading. */
  toStream(stream: ReadableStream<Uint8Array>): ReadableStream;
}

/** A place among the open streams. */
export interface StreamPlace {
  /** Limits the stream's duration, and gives the place back at its end. */
  limit(stream: ReadableStream<Uint8Array>): ReadableStream;
  /** Gives the place back without a stream. */
  leave(): void;
}

/** Creates the limits. Several processes on one database count apart. */
export function createLimits(
  { config: { limits }, now, sleep }: Pick<Deps, "config" | "now" | "sleep">,
): Limits {
  const rate = limits.rate === null ? undefined : createRateCounter({
    max: limits.rate,
    windowMs: RATE_WINDOW_SECONDS * 1000,
    now,
  });
  const sites = limits.rate === null ? undefined : createRateCounter({
    max: limits.rate * BUDGETS_OF_SITE,
    windowMs: RATE_WINDOW_SECONDS * 1000,
    now,
  });
  const gate = createGate({ maxRunning: MAX_HEAVY, maxWaiting: MAX_WAITING });
  const requests = createPlaces();
  const streams = createPlaces();
  const pending = createPlaces();

  function isExempt({ caller, address }: Sender): boolean {
    return caller.kind === "admin" ||
      (limits.exemptLoopback && isLoopback(address));
  }

  /** Takes units of an address, and for IPv6 of the /56 around it. */
  function count(
    address: string | undefined,
    units: number,
  ): Counted | undefined {
    const counted = rate?.count(toAddressName(address), units);
    const site = toSiteName(address);
    if (!site || counted?.isRefused) return counted;
    const ofSite = sites?.count(site, units);
    return ofSite?.isRefused ? ofSite : counted;
  }

  /** Gives the unit back that an address paid for a caller who was not known yet. */
  function refund(address: string | undefined): void {
    rate?.refund(toAddressName(address), 1);
    const site = toSiteName(address);
    if (site) sites?.refund(site, 1);
  }

  return {
    countAddress(address) {
      if (isExempt({ caller: ANONYMOUS, address })) return undefined;
      return count(address, 1);
    },
    countCost(sender, cost) {
      if (!rate) return undefined;
      const { caller, address } = sender;
      const payer = toClientName(sender);
      if (caller.kind === "admin") refund(address);
      if (isExempt(sender)) return undefined;
      if (payer === toAddressName(address)) return count(address, cost - 1);
      refund(address);
      return rate.count(payer, cost);
    },
    enter(sender) {
      if (isExempt(sender)) return () => {};
      const place = { max: limits.concurrent, maxAll: Infinity };
      const leave = requests.take(toClientName(sender), place);
      if (leave) return leave;
      throw refuse(
        `At most ${limits.concurrent} requests may run at the same time`,
      );
    },
    async runHeavy(sender, work) {
      const done = gate.run(toClientName(sender), work);
      if (done) return await done;
      throw refuse(
        `At most ${MAX_WAITING} statistics may wait at the same time`,
      );
    },
    enterStream(sender) {
      const place = { max: limits.streams, maxAll: MAX_ALL_STREAMS };
      const leave = streams.take(toClientName(sender), place);
      if (!leave) {
        throw refuse(`At most ${limits.streams} streams may be open`);
      }
      const options = { sleep, maxMs: MAX_STREAM_MS, onEnd: leave };
      return { leave, limit: (stream) => sendStream(stream, options) };
    },
    respond(sender, body, init) {
      if (body.length < LARGE_BODY) return new Response(body, init);
      const bytes = typeof body === "string"
        ? new TextEncoder().encode(body)
        : body;
      const onEnd = pending.take(toClientName(sender), {
        units: bytes.length,
        max: MAX_PENDING,
        maxAll: MAX_ALL_PENDING,
      });
      if (!onEnd) {
        throw refuse("Read the responses to your earlier requests first");
      }
      const response = new Response(sendBytes(bytes, { sleep, onEnd }), init);
      response.headers.set("content-length", String(bytes.length));
      return response;
    },
    toStream: (stream) => sendStream(stream, { sleep, onEnd() {} }),
  };
}

const ANONYMOUS: Caller = { kind: "anonymous" };

/** Returns the name that a request is counted under: its user, else its address. */
function toClientName({ caller, address }: Sender): string {
  if (caller.kind === "admin") return "admin";
  const user = userOf(caller);
  return user ? `user ${user.id}` : toAddressName(address);
}

/** Returns the name of an address. IPv6 counts by /64, because each customer has at least one. */
function toAddressName(address: string | undefined): string {
  return `address ${parseNetwork(address).host}`;
}

/** Returns the name of the /56 around an IPv6 address; `undefined` for other addresses. */
function toSiteName(address: string | undefined): string | undefined {
  const { host, network } = parseNetwork(address);
  return host.includes(":") ? `site ${network}` : undefined;
}

/** Reports whether the address is of this machine. Without an address the caller is this process. */
function isLoopback(address: string | undefined): boolean {
  if (address === undefined || address === "::1") return true;
  return parseNetwork(address).host.startsWith("127.");
}

function refuse(detail: string): AppError {
  return new AppError("too_many_requests", {
    detail,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

interface Places {
  /** Takes units for a client. Returns a function that gives them back; `undefined` if too many. */
  take(
    client: string,
    limit: { units?: number; max: number; maxAll: number },
  ): (() => void) | undefined;
}

/** Creates a counter of what each client holds. A client that holds nothing needs no memory. */
function createPlaces(): Places {
  const held = new Map<string, number>();
  let all = 0;
  return {
    take(client, { units = 1, max, maxAll }) {
      const before = held.get(client) ?? 0;
      if (before + units > max || all + units > maxAll) return undefined;
      held.set(client, before + units);
      all += units;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        all -= units;
        const left = held.get(client)! - units;
        if (left > 0) held.set(client, left);
        else held.delete(client);
      };
    },
  };
}
