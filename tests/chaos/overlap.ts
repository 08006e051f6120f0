/** Sees two servers walk one athlete's list at once, which the lease forbids. */
export interface Overlaps {
  /** A request for a page arrives; call what it returns when it was answered, and not given up. */
  arrive(
    walker: { actor: number; athleteId: number; page: number },
  ): (answered: boolean) => void;
  /** The clock has jumped, or a lease was taken away: what was begun before may go on beside what begins now. */
  disturb(): void;
}

/**
 * Whether a walk has the lease for sure. A page is asked for while the one before it is stored: who
 * asks for the third in a row has stored the first, and renewed the lease with it. Who began at the
 * first page had claimed it just before, unless it was taken away: a walk begins at the first page
 * again where something is missing below its place.
 */
function isHolder({ pages, firstPage, disturbance }: Walk): boolean {
  return pages >= (firstPage === 1 && disturbance === 0 ? 2 : 3);
}

interface Walk {
  actor: number;
  athleteId: number;
  page: number;
  /** How many pages in a row were asked for since the last disturbance. */
  pages: number;
  firstPage: number;
  /** Which disturbance was the last. */
  disturbance: number;
  isUnderWay: boolean;
  /** Who came meanwhile. */
  met: number | undefined;
}

export function createOverlaps(violations: string[]): Overlaps {
  const walks = new Map<string, Walk>();
  let disturbance = 0;
  return {
    arrive({ actor, athleteId, page }) {
      const key = `${actor} ${athleteId}`;
      const last = walks.get(key);
      const isNext = last?.page === page - 1 &&
        last.disturbance === disturbance;
      const walk: Walk = {
        actor,
        athleteId,
        page,
        pages: isNext ? last.pages + 1 : 1,
        firstPage: isNext ? last.firstPage : page,
        disturbance,
        isUnderWay: true,
        met: undefined,
      };
      walks.set(key, walk);
      for (const other of walks.values()) {
        const isOther = other.athleteId === athleteId && other.actor !== actor;
        const isNow = other.isUnderWay && other.disturbance === disturbance;
        // Who has lost the lease asks for one page more, and finds out as it stores the one before.
        const mayNotKnow = disturbance > 0 && walk.pages < 3;
        if (isOther && isNow && isHolder(other) && !mayNotKnow) {
          other.met = actor;
        }
      }
      return (answered) => {
        walk.isUnderWay = false;
        if (!answered || walk.met === undefined) return;
        violations.push(
          `Server ${walk.met} walks the list of athlete ${athleteId} while server ${actor} does`,
        );
      };
    },
    disturb() {
      disturbance++;
    },
  };
}
