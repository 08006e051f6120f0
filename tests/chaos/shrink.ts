import type { Schedule, Step } from "./schedule.ts";

/**
 * The schedule with every step removed that it fails without: first halves and quarters of the
 * steps, then one by one, until none can go. `fails` may be asked twice about the same steps, since
 * chance has its part in how servers meet.
 */
export async function shrink(
  schedule: Schedule,
  fails: (schedule: Schedule) => Promise<boolean>,
): Promise<Schedule> {
  let { steps } = schedule;
  for (let size = Math.ceil(steps.length / 2);;) {
    const shorter = await removeSome(
      steps,
      size,
      (candidate) => fails({ ...schedule, steps: candidate }),
    );
    if (shorter) steps = shorter;
    else if (size === 1) return { ...schedule, steps };
    size = shorter && size > 1 ? size : Math.max(1, Math.floor(size / 2));
    size = Math.min(size, Math.max(1, steps.length));
    if (steps.length === 0) return { ...schedule, steps };
  }
}

/** The steps without `size` of them in a row, where they still fail. */
async function removeSome(
  steps: readonly Step[],
  size: number,
  fails: (steps: Step[]) => Promise<boolean>,
): Promise<Step[] | undefined> {
  for (let at = steps.length - size; at > -size; at -= size) {
    const from = Math.max(0, at);
    const candidate = steps.toSpliced(from, at + size - from);
    if (await fails(candidate)) return candidate;
  }
  return undefined;
}
