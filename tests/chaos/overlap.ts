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
function isHolder({ pages, firstPage, unknowing }: Walk): boolean {
  return unknowing === 0 && pages >= (firstPage === 1 ? 2 : 3);
}

/**
 * So many pages may be asked for by who has lost the lease in a disturbance: an empty one, which
 * nothing is stored of, the first of what is below it, and the one that is asked for while storing
 * that fails. Then the walk ends.
 */
const UNKNOWING = 3;

interface Walk {
  actor: number;
  athleteId: number;
  page: number;
  /** How many pages in a row were asked for since the last disturbance. */
  pages: number;
  firstPage: number;
  /** Which disturbance was the last. */
  disturbance: number;
  /** Of the pages of who walked before the disturbance, how many may be the old walk's from here on. */
  unknowing: number;
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
        unknowing: toUnknowing(last, disturbance),
        isUnderWay: true,
        met: undefined,
      };
      walks.set(key, walk);
      for (const other of walks.values()) {
        const isOther = other.athleteId === athleteId && other.actor !== actor;
        const hasLease = isHolder(other) && other.disturbance === disturbance;
        if (isOther && other.isUnderWay && hasLease && walk.unknowing === 0) {
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

function toUnknowing(last: Walk | undefined, disturbance: number): number {
  if (!last) return 0;
  return last.disturbance === disturbance
    ? Math.max(0, last.unknowing - 1)
    : UNKNOWING;
}
