/**
 * The first seed of the tests with random inputs, which state it in their name. It is random, so that
 * every run tries others, and fixed with `CI=true`, so that a rare failure does not stop an unrelated
 * change. `SEED=1234 deno task test ...` repeats a run.
 */
export const SEED = Number(
  Deno.env.get("SEED") ??
    (Deno.env.get("CI") ? 1 : Math.floor(Math.random() * 1_000_000)),
);
