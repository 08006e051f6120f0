// Goes through the example in Chromium as a user does, and tells what was seen, as JSON:
// node journey.mjs '{"chromium", "trusted", "screenshots", "page", "api", "strange", "elsewhere", "control", "password"}'
import { chromium } from "playwright-core";

const VIEW = {
  locale: "en-GB",
  timezoneId: "UTC",
  viewport: { width: 900, height: 700 },
};
const options = JSON.parse(process.argv[2]);
const found = {};
const refreshes = [];

const browser = await chromium.launch({
  executablePath: options.chromium,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    // The certificates of this one authority, and of no other.
    `--ignore-certificate-errors-spki-list=${options.trusted}`,
  ],
});

try {
  const context = await open();
  const page = await context.newPage();
  await logIn(page);
  await connect(page);
  await lookOtherwise(page);
  await share(page);
  const second = await refreshInTwoTabs(context, page);
  await forge(context, page);
  await logOut(context, page, second);
  await expire(page);
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}

async function open(cookies = []) {
  const context = await browser.newContext(VIEW);
  await context.addCookies(cookies);
  context.setDefaultTimeout(20_000);
  context.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("auth.refresh")) {
      refreshes.push(request.url());
    }
  });
  return context;
}

/** Has the server's side do something: move its clock, or end the work under way. */
async function control(what) {
  const response = await fetch(`${options.control}/${what}`);
  if (!response.ok) throw new Error(`${what}: ${response.status}`);
}

async function shot(page, name) {
  await page.screenshot({ path: `${options.screenshots}/${name}.png`, fullPage: true });
}

async function fillLogin(page, password) {
  await page.getByLabel("Username or e-mail").fill("ada");
  await page.getByLabel("Password").fill(password);
  await page.locator("form").getByRole("button", { name: "Log in" }).click();
}

async function reasonShown(page) {
  const alert = page.getByRole("alert").first();
  await alert.waitFor();
  return await alert.getAttribute("data-reason");
}

async function logIn(page) {
  await page.goto(options.page);
  found.anonymous = await reasonShown(page);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByLabel("Password").waitFor();
  await shot(page, "login");
  await fillLogin(page, "not the password");
  found.wrongPassword = await reasonShown(page);
  await shot(page, "login_wrong");
  await fillLogin(page, options.password);
  await page.getByText("Ada Example").waitFor();
  await page.getByText("Connect your Strava account").waitFor();
  const cookies = await page.context().cookies(options.api);
  found.cookies = cookies
    .filter(({ name }) => name.includes("paceline"))
    .map(({ name, secure, httpOnly, sameSite, path, domain }) =>
      ({ name, secure, httpOnly, sameSite, path, domain })
    ).sort((a, b) => a.name.localeCompare(b.name));
  found.scriptSees = await page.evaluate(() => document.cookie);
}

async function connect(page) {
  await shot(page, "empty");
  await page.getByRole("button", { name: "Connect Strava" }).click();
  await page.getByRole("button", { name: "Authorize" }).click();
  await page.getByText("Your activities are being fetched").waitFor();
  found.addressAfter = page.url();
  await shot(page, "connected");
  await control("idle");
  await page.locator("tbody tr").first().waitFor();
  found.rows = await page.locator("tbody tr").count();
  found.visibility = await page.locator("select").inputValue();
  found.text = await page.locator("main").innerText();
  await shot(page, "statistics");
}

/** On screens of several widths, and at night. */
async function lookOtherwise(page) {
  const { viewport } = VIEW;
  found.overflow = [];
  for (const width of [1440, 768, 360]) {
    await page.setViewportSize({ width, height: 740 });
    found.overflow.push(
      await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      }),
    );
    await shot(page, width === 360 ? "phone" : `width_${width}`);
  }
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme: "dark" });
  await shot(page, "dark");
  await page.emulateMedia({ colorScheme: "light" });
}

async function share(page) {
  const seeAs = async () => {
    const context = await open();
    const guest = await context.newPage();
    await guest.goto(link);
    await guest.locator("tbody tr, [role=alert]").first().waitFor();
    const rows = await guest.locator("tbody tr").count();
    const reason = rows > 0 ? null : await reasonShown(guest);
    await shot(guest, rows > 0 ? "shared" : "not_shared");
    await context.close();
    return { rows, reason };
  };
  await page.locator("select").selectOption("link");
  await page.locator("a.share").waitFor();
  const link = await page.locator("a.share").getAttribute("href");
  found.link = link;
  await shot(page, "share");
  found.shared = await seeAs();
  await page.locator("select").selectOption("private");
  await page.locator("a.share").waitFor({ state: "detached" });
  found.unshared = await seeAs();
  found.mistyped = await seeAlert(`${options.page}?share=ps_mistyped`);
  found.stranger = await seeAlert(options.page);
}

/** Opens a page as a stranger, who is told why there is nothing to see. */
async function seeAlert(url) {
  const context = await open();
  const guest = await context.newPage();
  await guest.goto(url);
  const text = await guest.getByRole("alert").first().innerText();
  await context.close();
  return text.split("\n")[0];
}

/** Both find the access token expired at the same moment. */
async function refreshInTwoTabs(context, page) {
  const second = await context.newPage();
  await second.goto(options.page);
  await second.getByText("Ada Example").waitFor();
  found.refreshes = [];
  for (let round = 0; round < 3; round++) {
    await control("later");
    refreshes.length = 0;
    await Promise.all([page.reload(), second.reload()]);
    for (const each of [page, second]) {
      await each.getByText("Ada Example").waitFor();
      await each.locator("tbody tr").first().waitFor();
    }
    found.refreshes.push(refreshes.length);
  }
  return second;
}

/** Sends requests from pages of other origins. The server side records what arrives. */
async function forge(context, page) {
  const logout = `${options.api}/api/auth/logout`;
  for (const name of ["strange", "elsewhere"]) {
    const evil = await context.newPage();
    await evil.goto(options[name]);
    await evil.evaluate((url) =>
      fetch(url, {
        method: "POST",
        mode: "no-cors",
        credentials: "include",
        headers: { "content-type": "text/plain" },
      }).catch(() => {}), logout);
    await evil.evaluate((url) => {
      const form = Object.assign(document.createElement("form"), { method: "POST", action: url });
      document.body.append(form);
      form.submit();
    }, logout);
    await evil.waitForURL(logout);
    await evil.close();
  }
  await page.reload();
  await page.getByText("Ada Example").waitFor();
}

async function logOut(context, page, second) {
  const stolen = await context.cookies(options.api);
  await page.goto(`${options.page}?strava=success`);
  await page.getByText("Your activities are being fetched").waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
  for (const each of [page, second]) {
    await each.getByText("You are logged out").waitFor();
    await each.getByText("Ada Example").waitFor({ state: "detached" });
    await each.locator("tbody tr").first().waitFor({ state: "detached" });
  }
  found.isConnectedShown = await page.getByText("are being fetched").isVisible();
  await shot(second, "logged_out");
  const left = await context.cookies(options.api);
  found.cookiesAfterLogout = left.filter(({ name }) => name.includes("paceline")).length;
  const thief = await open(stolen);
  found.stolenCookies = stolen.filter(({ name }) => name.includes("paceline")).length;
  const me = await thief.request.get(`${options.api}/api/auth/me`);
  const tried = await thief.newPage();
  await tried.goto(options.page);
  await tried.getByText("Your session has expired").waitFor();
  found.stolenOpens = [me.status(), (await me.json()).reason];
  await thief.close();
  await second.close();
}

async function expire(page) {
  await fillLogin(page, options.password);
  await page.getByText("Ada Example").waitFor();
  await control("much_later");
  await page.reload();
  await page.getByText("Your session has expired").waitFor();
  await page.getByLabel("Password").waitFor();
  await shot(page, "expired");
}
