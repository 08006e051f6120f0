/** Detects two servers that read one athlete's list at the same time, which the lease forbids. */
export interface OverlapDetector {
  /**
   * Records the arrival of a request for a page. Call the returned function at its end, with whether
   * it was answered and not aborted.
   */
  addRequest(
    request: { actor: number; athleteId: number; page: number },
  ): (isAnswered: boolean) => void;
  /** Allows one overlap: the clock jumped or a lease was taken away, so that an old run may go on. */
  allowOverlap(): void;
}

/**
 * Number of pages that a server may still request after it has lost the lease: an empty one, for
 * which nothing is stored, the first page below it, and the one fetched during the store that fails.
 * Then its run ends.
 */
const GRACE_PAGES = 3;

/** The latest request of one server for one athlete's list. */
interface PageRequest {
  actor: number;
  athleteId: number;
  page: number;
  /** Number of consecutive pages requested since the last allowed overlap. */
  pages: number;
  firstPage: number;
  /** Number of allowed overlaps before this request. */
  period: number;
  /** Number of pages, from this one on, that may belong to a run that has lost its lease. */
  gracePages: number;
  isPending: boolean;
  /** Another server that requested a page while this request was pending. */
  overlappedBy: number | undefined;
}

/**
 * Reports whether the run certainly holds the lease. A page is fetched while the previous one is
 * stored: the third request in a row proves that the first page was stored, which renewed the lease.
 * A run that started at the first page claimed the lease just before.
 */
function holdsLease({ pages, firstPage, gracePages }: PageRequest): boolean {
  return gracePages === 0 && pages >= (firstPage === 1 ? 2 : 3);
}

/** Creates a detector that adds a message to `violations` for each overlap. */
export function createOverlapDetector(violations: string[]): OverlapDetector {
  const requests = new Map<string, PageRequest>();
  let period = 0;
  return {
    addRequest({ actor, athleteId, page }) {
      const key = `${actor} ${athleteId}`;
      const last = requests.get(key);
      const isNext = last?.page === page - 1 && last.period === period;
      const request: PageRequest = {
        actor,
        athleteId,
        page,
        pages: isNext ? last.pages + 1 : 1,
        firstPage: isNext ? last.firstPage : page,
        period,
        gracePages: countGracePages(last, period),
        isPending: true,
        overlappedBy: undefined,
      };
      requests.set(key, request);
      for (const other of requests.values()) {
        const isOther = other.athleteId === athleteId && other.actor !== actor;
        const hasLease = holdsLease(other) && other.period === period;
        if (
          isOther && other.isPending && hasLease && request.gracePages === 0
        ) {
          other.overlappedBy = actor;
        }
      }
      return (isAnswered) => {
        request.isPending = false;
        if (!isAnswered || request.overlappedBy === undefined) return;
        violations.push(
          `Server ${request.overlappedBy} reads the list of athlete ${athleteId} while server ${actor} does`,
        );
      };
    },
    allowOverlap() {
      period++;
    },
  };
}

/**
 * Returns the grace pages of a request. A server's first request after an allowed overlap may belong
 * to a run that claimed its lease before, also if that run had requested nothing yet.
 */
function countGracePages(
  last: PageRequest | undefined,
  period: number,
): number {
  const lastPeriod = last?.period ?? 0;
  if (lastPeriod !== period) return GRACE_PAGES;
  return Math.max(0, (last?.gracePages ?? 0) - 1);
}
