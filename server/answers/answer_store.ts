import { LRUCache } from "lru-cache";
import type { Answer } from "./answer.ts";

/** Answers by URL, up to a number of bytes. */
export interface AnswerStore {
  get(url: string): Answer | undefined;
  /** Keeps the answer if its URL was asked for before. */
  offer(url: string, answer: Answer): void;
  /** Counts the bytes that an answer has grown by. */
  grow(url: string, answer: Answer): void;
  /** Removes the answers about an athlete. */
  removeAthlete(id: number): void;
  clear(): void;
  /** Number of answers. */
  readonly size: number;
  /** Their bytes. */
  readonly bytes: number;
}

/** Share of the memory for answers that were asked for only twice. */
const PROBATION_SHARE = 0.2;
/** Largest share of the memory for one answer. */
const ANSWER_SHARE = 1 / 16;
/** URLs that are remembered after their first request. */
const MAX_FIRST_URLS = 5000;
/** Longest URL of a kept answer, in characters. */
const MAX_URL_LENGTH = 1024;

/**
 * Creates the store. An answer is kept from the second request for its URL on, and protected from the
 * third on. So a stream of new URLs only displaces other new ones, never the answers that frontends ask
 * for all day.
 */
export function createAnswerStore(
  { maxBytes }: { maxBytes: number },
): AnswerStore {
  const byAthlete = new Map<number, Set<string>>();
  const seen = new LRUCache<string, true>({ max: MAX_FIRST_URLS });

  function createSegment(maxSize: number): LRUCache<string, Answer> {
    return new LRUCache<string, Answer>({
      maxSize: Math.floor(maxSize),
      maxEntrySize: Math.floor(maxBytes * ANSWER_SHARE),
      sizeCalculation: (answer, url) => answer.bytes + 2 * url.length,
      dispose: (answer, url, reason) => {
        if (reason !== "set") forget(url, answer);
      },
    });
  }
  const probation = createSegment(maxBytes * PROBATION_SHARE);
  const protectedOnes = createSegment(maxBytes * (1 - PROBATION_SHARE));

  function forget(url: string, { athletes }: Answer): void {
    for (const { id } of athletes) {
      const urls = byAthlete.get(id);
      urls?.delete(url);
      if (urls?.size === 0) byAthlete.delete(id);
    }
  }

  function keep(
    segment: LRUCache<string, Answer>,
    url: string,
    answer: Answer,
  ): void {
    segment.set(url, answer);
    if (!segment.has(url)) return;
    for (const { id } of answer.athletes) {
      const urls = byAthlete.get(id) ?? new Set();
      byAthlete.set(id, urls.add(url));
    }
  }

  function remove(url: string): void {
    probation.delete(url);
    protectedOnes.delete(url);
  }

  return {
    get(url) {
      const answer = protectedOnes.get(url);
      if (answer) return answer;
      const newer = probation.get(url);
      if (!newer) return undefined;
      probation.delete(url);
      keep(protectedOnes, url, newer);
      return newer;
    },
    offer(url, answer) {
      if (url.length > MAX_URL_LENGTH) return;
      if (!seen.has(url)) {
        seen.set(url, true);
        return;
      }
      remove(url);
      keep(probation, url, answer);
    },
    grow(url, answer) {
      for (const segment of [probation, protectedOnes]) {
        if (segment.peek(url) !== answer) continue;
        segment.delete(url); // setting the same value again would not measure it
        keep(segment, url, answer);
      }
    },
    removeAthlete(id) {
      for (const url of [...byAthlete.get(id) ?? []]) remove(url);
    },
    clear() {
      probation.clear();
      protectedOnes.clear();
    },
    get size() {
      return probation.size + protectedOnes.size;
    },
    get bytes() {
      return probation.calculatedSize + protectedOnes.calculatedSize;
    },
  };
}
