/**
 * Gives every test a time limit. The runner loads this file before each test file, because a test
 * that waits forever would otherwise hold up the whole run and leave no trace of its name.
 */

/** Time limit of a test in seconds. It only ends tests that hang; no test may depend on it. */
const LIMIT_SECONDS = Number(Deno.env.get("TEST_LIMIT_SECONDS") ?? 300);

type Run = (context: Deno.TestContext) => void | Promise<void>;

function limit(run: Run): Run {
  return async (context) => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new Error(`Not finished after ${LIMIT_SECONDS} seconds`)),
      LIMIT_SECONDS * 1000,
    );
    try {
      await Promise.race([run(context), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Registers a test with the limit, in each of the forms that `Deno.test` accepts. */
function register(...args: unknown[]): void {
  const last = args.pop();
  args.push(
    typeof last === "function" ? limit(last as Run) : {
      ...last as Deno.TestDefinition,
      fn: limit((last as Deno.TestDefinition).fn),
    },
  );
  Reflect.apply(registerUnlimited, Deno, args);
}

const registerUnlimited = Deno.test;
Object.assign(Deno, { test: Object.assign(register, registerUnlimited) });
