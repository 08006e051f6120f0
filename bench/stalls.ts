/**
 * Runs in a measured server before its main module: writes the longest delay of a timer of 5 ms in milliseconds to
 * standard output every second, as `stall 1.2`. The server answers nothing during a delay.
 */

const TICK_MS = 5;

let longest = 0;
let last = performance.now();

/** Calls a function again and again. The timer is not waited for: Deno runs the main module after it. */
function every(milliseconds: number, call: () => void): void {
  Deno.unrefTimer(setInterval(call, milliseconds));
}

every(TICK_MS, () => {
  const now = performance.now();
  longest = Math.max(longest, now - last - TICK_MS);
  last = now;
});

every(1000, () => {
  // deno-lint-ignore no-console -- the bench reads it
  console.log(`stall ${longest.toFixed(1)}`);
  longest = 0;
});
