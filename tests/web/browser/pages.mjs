// Opens every page of the web app in one size, and prints what is wrong, as JSON:
// node pages.mjs '{"chromium", "screenshots", "url", "username", "password", "pages", "view"}'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { browser, found, open, options } from "./browser.mjs";

const AXE = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);
const { view } = options;
const overflow = [];
const axe = [];

try {
  const page = await open(view);
  await logIn(page);
  for (const path of options.pages) await look(page, path);
  console.log(JSON.stringify({ ...found, overflow, axe }));
} finally {
  await browser.close();
}

async function logIn(page) {
  await page.goto(`${options.url}login`);
  await page.getByLabel("Username").fill(options.username);
  await page.getByLabel("Password").fill(options.password);
  await page.keyboard.press("Enter");
  await page.waitForURL(({ pathname }) => !pathname.endsWith("login"));
}

/** Opens a page, and checks what all of them promise. */
async function look(page, path) {
  await page.goto(options.url + path.slice(1));
  await page.locator("main h1").first().waitFor();
  // Everything has arrived when no skeleton is left.
  await page.waitForFunction(() => !document.querySelector(".skeleton"));
  await page.waitForTimeout(300);
  const over = await page.evaluate(() =>
    document.documentElement.scrollWidth - innerWidth
  );
  if (over > 0) overflow.push(`${path}: ${over}`);
  for (const finding of await runAxe(page)) axe.push(`${path}: ${finding}`);
  const name = path.replaceAll(/[^a-z0-9]+/g, "_").replace(/^_/, "") || "home";
  await page.screenshot({
    path:
      `${options.screenshots}/${name}-${view.width}-${view.colorScheme}.png`,
    fullPage: true,
  });
}

/** Returns the serious findings of axe for the page. */
async function runAxe(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    })
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) =>
      `${id}: ${
        nodes.slice(0, 3).map(({ target, any }) =>
          `${target} ${any[0]?.message ?? ""}`
        ).join("; ")
      }`
    );
}
