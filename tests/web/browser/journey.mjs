// Sets up a new instance as a user does, and prints what it saw, as JSON:
// node journey.mjs '{"chromium", "url", "code", "password", "files", "screenshots"}'
import { browser, found, open, options } from "./browser.mjs";

const steps = {};
let page;

try {
  page = await open({ width: 1440, height: 900, colorScheme: "light" });
  await setUp(page);
  await importFiles(page);
  await useSettings(page);
  await logOutAndIn(page);
  console.log(JSON.stringify({ ...found, steps }));
} catch (error) {
  await page?.screenshot({ path: `${options.screenshots}/failure.png` });
  throw error;
} finally {
  await browser.close();
}

/** Creates the administrator of a new instance, by keyboard. */
async function setUp(page) {
  await page.goto(options.url);
  await page.getByRole("link", { name: "Set up Paceline" }).click();
  await page.getByLabel("Set-up code").waitFor();
  for (const text of ["0000", "ada", "ada@example.com", options.password]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  steps.wrongCode = await page.getByRole("alert").textContent();
  // The browser reports that there is no athlete yet, and the refusal, which was wanted.
  found.console = found.console.filter((text) => !/\b40[34]\b/.test(text));
  await page.getByLabel("Set-up code").fill(options.code);
  await page.keyboard.press("Enter");
  await page.waitForURL(/sources/);
  await page.getByText("Your account is ready").waitFor();
}

/** Imports files by the page, and finds them in the list and in the statistics. */
async function importFiles(page) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files" }).click();
  await (await chooser).setFiles(options.files);
  await page.getByText("1 new, 0 merged").first().waitFor();
  await page.getByText("1 refused file").first().click();
  steps.refusal = await page.getByRole("cell").filter({
    hasText: "broken.gpx",
  }).first().textContent();
  await page.getByRole("link", { name: "Activities", exact: true }).click();
  await page.getByRole("table", { name: "Activities" }).waitFor();
  steps.activities = await page.getByRole("row").count() - 1;
  await page.getByRole("link", { name: "Overview", exact: true }).click();
  await page.getByRole("heading", { name: /so far/ }).waitFor();
  steps.overview = await page.getByText("1 activity").count() > 0;
}

/** Changes the language and the colours, and creates a key. */
async function useSettings(page) {
  await page.goto(`${options.url}settings`);
  await page.getByLabel("Language").selectOption("de");
  await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
  steps.lang = await page.evaluate(() => document.documentElement.lang);
  await page.getByLabel("Sprache").selectOption("system");
  await page.getByLabel("Colours").selectOption("dark");
  steps.dark = await page.evaluate(() =>
    getComputedStyle(document.documentElement).colorScheme
  );
  await page.getByLabel("Colours").selectOption("system");
  await page.getByText("Create a key").first().click();
  await page.getByRole("region", { name: "API keys" })
    .getByLabel("Name", { exact: true }).fill("Watch");
  await page.getByRole("button", { name: "Create a key" }).click();
  steps.key = await page.locator("code.key").textContent();
}

/** Logs out by the menu, sees nothing of the user, and logs in again to the page before. */
async function logOutAndIn(page) {
  await page.getByRole("button", { name: "ada" }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await page.waitForURL(/login/);
  steps.loggedOut = await page.getByRole("status").first().textContent();
  await page.getByLabel("Username").fill("ada");
  await page.getByLabel("Password").fill(options.password);
  await page.keyboard.press("Enter");
  await page.waitForURL(/settings/);
}
