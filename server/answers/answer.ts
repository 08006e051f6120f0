import type { ServedAthlete } from "../../db/served_athletes.ts";
import { localDayEnd } from "../activities/local_time.ts";
import type { Config } from "../config.ts";
import type { Header } from "../http/response_headers.ts";
import {
  createEntityTag,
  isUnmodified,
  matchesTag,
  tagEncoding,
} from "./conditional.ts";
import { chooseEncoding, compress, type Encoding } from "./encoding.ts";

/** A successful answer to a public read, complete except for the headers of each request. */
export interface Answer {
  /** The path for the log. */
  path: string;
  /** Headers without those of the body and of a single request. */
  headers: readonly Header[];
  /** The body as text: Deno sends a text as it is, and would copy bytes for each response. */
  text: string;
  /** Length of the body in bytes. */
  length: number;
  tag: string;
  lastModified: Date;
  /** When the answer changes by itself, in epoch milliseconds: at the athlete's midnight. */
  expiresAt: number;
  /** The athletes that it is about. */
  athletes: readonly ServedAthlete[];
  /** Compressed bodies, once they were asked for. */
  encoded: Map<Encoding, Uint8Array<ArrayBuffer>>;
  /** Bytes of memory, about. */
  readonly bytes: number;
}

/** The body that a URL has, and since when. */
export type AnswerVersion = Pick<Answer, "tag" | "lastModified">;

/** The parts of a request that decide how an answer is sent. */
export interface Wish {
  method: string;
  headers: Headers;
}

/** Everything that decides which answer a URL gets, or how it is sent. */
const VARY =
  "Accept-Encoding, Authorization, Cookie, Origin, trpc-accept, X-API-Key";
/** Memory of an answer's headers and entries, about. */
const OVERHEAD_BYTES = 2000;

/** Creates the answer from the body and the media type that a route gave. */
export function createAnswer(
  text: string,
  { type, security, athletes, path, now, known, config }: {
    type: string;
    security: readonly Header[];
    athletes: readonly ServedAthlete[];
    path: string;
    now: number;
    /** The version that the URL last had, if it is remembered. */
    known: AnswerVersion | undefined;
    config: Pick<Config, "caching">;
  },
): Answer {
  const body = ENCODER.encode(text);
  const { length } = body;
  const tag = createEntityTag(body);
  const lastModified = findLastModified(tag, { known, now });
  const expiresAt = Math.min(
    ...athletes.map((athlete) => findEnd(now, athlete)),
  );
  const encoded: Answer["encoded"] = new Map();
  return {
    path,
    headers: [
      ["content-type", type],
      ...security,
      ["vary", VARY],
      ["last-modified", lastModified.toUTCString()],
      ["cache-control", toCacheControl(config)],
    ],
    text,
    length,
    tag,
    lastModified,
    expiresAt,
    athletes,
    encoded,
    get bytes() {
      // A text with other letters than those of Latin-1 takes two bytes for each.
      const own = Math.max(
        length,
        text.length === length ? 0 : 2 * text.length,
      );
      return OVERHEAD_BYTES +
        encoded.values().reduce((sum, each) => sum + each.length, own);
    },
  };
}

const ENCODER = new TextEncoder();

/**
 * Returns since when a URL has this body, as far as this process has seen. The time of the last commit
 * would tell strangers that a hidden activity was stored. Versions are a second apart, because a
 * header has no parts of a second.
 */
function findLastModified(
  tag: string,
  { known, now }: { known: AnswerVersion | undefined; now: number },
): Date {
  if (!known) return new Date(now);
  return known.tag === tag
    ? known.lastModified
    : new Date(Math.max(now, known.lastModified.getTime() + 1000));
}

/**
 * Returns until when an athlete's answers are as they are: today's end, or the start of a later
 * activity, which may lie in another time zone.
 */
function findEnd(now: number, athlete: ServedAthlete): number {
  const end = localDayEnd(now, athlete);
  const next = athlete.nextStartAt?.getTime() ?? Infinity;
  return next > now ? Math.min(end, next) : end;
}

function toCacheControl({ caching }: Pick<Config, "caching">): string {
  const { maxAge, sharedMaxAge, staleWhileRevalidate } = caching;
  return [
    "public",
    `max-age=${maxAge}`,
    ...(sharedMaxAge === undefined ? [] : [`s-maxage=${sharedMaxAge}`]),
    staleWhileRevalidate === undefined
      ? "must-revalidate"
      : `stale-while-revalidate=${staleWhileRevalidate}`,
  ].join(", ");
}

/** How an answer is sent to one client. */
export interface Rendered {
  status: 200 | 304;
  headers: Header[];
  body: string | Uint8Array<ArrayBuffer> | null;
}

/** Returns the answer as the client wishes it: 304 if it has the body, else in an encoding it accepts. */
export function render(
  answer: Answer,
  { method, headers: wishes }: Wish,
): Rendered | Promise<Rendered> {
  const encoding = chooseEncoding(
    wishes.get("accept-encoding"),
    answer.length,
  );
  if (!encoding) return finish(answer.text, answer.length);
  const body = answer.encoded.get(encoding);
  if (body) return finish(body, body.length);
  const bytes = ENCODER.encode(answer.text);
  return compress(bytes, encoding).then((compressed) => {
    answer.encoded.set(encoding, compressed);
    return finish(compressed, compressed.length);
  });

  function finish(
    body: string | Uint8Array<ArrayBuffer>,
    length: number,
  ): Rendered {
    const tag = encoding ? tagEncoding(answer.tag, encoding) : answer.tag;
    const headers: Header[] = [...answer.headers, ["etag", tag]];
    if (isFresh(answer, wishes)) return { status: 304, headers, body: null };
    if (encoding) headers.push(["content-encoding", encoding]);
    headers.push(["content-length", String(length)]);
    return { status: 200, headers, body: method === "HEAD" ? null : body };
  }
}

/** Reports whether the client has this answer. The tag decides where it sends one. */
function isFresh({ tag, lastModified }: Answer, wishes: Headers): boolean {
  const tags = wishes.get("if-none-match");
  if (tags !== null) return matchesTag(tags, tag);
  const since = wishes.get("if-modified-since");
  return since !== null && isUnmodified(since, lastModified);
}
