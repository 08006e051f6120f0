import type { Schedule, Step } from "./schedule.ts";

/**
 * Removes every step that is not needed for the failure: first halves and quarters of the steps,
 * then single steps, until none can be removed. `fails` may be called twice with the same steps,
 * because timing varies.
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

/** Returns the steps without `size` consecutive ones if they still fail. */
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
