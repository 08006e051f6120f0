// Opens Chromium, and notes what no page of the web app may do.
import { chromium } from "playwright-core";

/** The options of the script: `node SCRIPT '{"chromium", "url", ...}'`. */
export const options = JSON.parse(process.argv[2]);

/** Messages and addresses that no page may have. */
export const found = { console: [], foreign: [] };

/** The browser. The script closes it. */
export const browser = await chromium.launch({
  executablePath: options.chromium,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--enable-unsafe-swiftshader",
  ],
});

/** Opens a page that reports what it must not do. */
export async function open({ width, height, colorScheme }, storageState) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    storageState,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(25_000);
  page.on("console", (message) => {
    if (message.type() === "error") found.console.push(message.text());
  });
  page.on("pageerror", ({ message }) => found.console.push(message));
  page.on("request", (request) => {
    const url = request.url();
    if (!/^(blob|data):/.test(url) && !url.startsWith(options.url)) {
      found.foreign.push(url);
    }
  });
  return page;
}
