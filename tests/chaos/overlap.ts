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
 * first page had claimed it just before.
 */
function isHolder({ pages, firstPage }: Walk): boolean {
  return pages >= (firstPage === 1 ? 2 : 3);
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
      for (const walk of walks.values()) {
        const isOther = walk.athleteId === athleteId && walk.actor !== actor;
        const hasLease = isHolder(walk) && walk.disturbance === disturbance;
        if (isOther && walk.isUnderWay && hasLease) walk.met = actor;
      }
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
