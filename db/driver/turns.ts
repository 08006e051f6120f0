/** A limit on simultaneous uses of the connections, first come, first served. */
export interface Turns {
  /** Calls `start` now, or when a turn is free. */
  enter: (start: () => void) => void;
  /** Ends a turn. */
  leave: () => void;
  /** Notes that a connection is used without a turn, so that all of them may be open. */
  addOutsider: () => void;
  /** Resolves when no turn is taken. */
  idle: () => Promise<void>;
}

/** Turns with an unused connection after which all connections are used once. */
const TURNS_BETWEEN_SWEEPS = 1000;

/**
 * Creates a limit of `max` simultaneous turns. `fill` uses a connection briefly, so that the driver's list of open
 * connections gets empty from time to time.
 */
export function createTurns(max: number, fill: () => void): Turns {
  const waiting: (() => void)[] = [];
  let active = 0;
  let turns = 0;
  // The most simultaneous turns so far. The driver has no more connections open.
  let peak = 0;
  const idled: (() => void)[] = [];

  function enter(start: () => void): void {
    if (active === max) {
      waiting.push(start);
      return;
    }
    active++;
    peak = Math.max(peak, active);
    turns = active === peak ? 0 : turns + 1;
    start();
    if (turns < TURNS_BETWEEN_SWEEPS) return;
    turns = 0;
    for (let used = active; used < peak; used++) fill();
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) return next();
    active--;
    if (active === 0) { for (const resolve of idled.splice(0)) resolve(); }
  }

  function idle(): Promise<void> {
    return new Promise((resolve) =>
      active === 0 ? resolve() : idled.push(resolve)
    );
  }

  function addOutsider(): void {
    peak = max;
  }

  return { enter, leave, addOutsider, idle };
}
