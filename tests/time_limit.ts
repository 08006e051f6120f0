/**
 * Gives every test a time limit. The runner loads this file before each test file, because a test
 * that waits forever would otherwise hold up the whole run and leave no trace of its name.
 */

/** Time limit of a test in seconds. It only ends tests that hang; no test may depend on it. */
const LIMIT_SECONDS = Number(Deno.env.get("TEST_LIMIT_SECONDS") ?? 300);

let timer: ReturnType<typeof setTimeout> | undefined;

Deno.test.beforeEach(() => {
  timer = setTimeout(() => {
    // An error outside a test ends its file. The test and those after it show as cancelled.
    throw new Error(`Test not finished after ${LIMIT_SECONDS} seconds`);
  }, LIMIT_SECONDS * 1000);
});

Deno.test.afterEach(() => clearTimeout(timer));
