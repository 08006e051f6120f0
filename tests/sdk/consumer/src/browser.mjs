// Opens a page in Chromium and tells what is on it: node browser.mjs <chromium> <screenshot> <url>
import { chromium } from "playwright-core";

const [, , executablePath, screenshot, url] = process.argv;
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const page = await browser.newPage({ locale: "en-GB", timezoneId: "UTC" });
  const messages = [];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  await page.goto(url);
  await page.waitForFunction(() => !document.querySelector("[role=status]"), null, {
    timeout: 20_000,
  });
  await page.screenshot({ path: screenshot, fullPage: true });
  const found = await page.evaluate(() => ({
    text: document.body.innerText,
    rows: document.querySelectorAll("tbody tr").length,
    bars: document.querySelectorAll(".bar").length,
    reasons: [...document.querySelectorAll("[role=alert]")]
      .map((each) => each.getAttribute("data-reason")),
  }));
  const more = page.getByRole("button", { name: "More" });
  if (await more.count() > 0) {
    await more.click();
    await page.waitForFunction((rows) =>
      document.querySelectorAll("tbody tr").length > rows, found.rows);
    found.rowsAfterMore = await page.locator("tbody tr").count();
  }
  console.log(JSON.stringify({ ...found, messages }));
} finally {
  await browser.close();
}
