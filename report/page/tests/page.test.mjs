// The page in a browser, as people use it. Prints `ok NAME` or `not ok NAME # why` for each case, and what it measured.
//
// node tests/page.test.mjs OCTROI CHROMIUM FOLDER

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

import { fleet } from "./fleet.mjs";

const [octroi, executablePath, folder] = process.argv.slice(2);
const AT = "2023-03-30T08:00:00+02:00";
const LARGE = 100_000;
const SMALL = 2_000;
const LANGUAGES = { fr: "Français", nl: "Nederlands", de: "Deutsch", en: "English" };
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Devices whose names would harm a page that trusts them. */
const HOSTILE = [
  "</script><script>document.title='harmed'</script>",
  "\"><img src=https://example.org/x onerror=document.title='harmed'>",
  "\u202egnp.enohp",
  "x".repeat(10_000),
];

/** Runs a fleet through the command, and gives the page's path and what the command counted. */
async function report(name, lines, options = []) {
  const path = join(folder, `${name}.html`);
  const child = spawn(octroi, ["fleet", "--at", AT, "--report", path, ...options], {
    stdio: ["pipe", "ignore", "pipe"],
    env: { ...process.env, LC_ALL: "fr_BE.UTF-8" },
  });
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  for (const line of lines) if (!child.stdin.write(line)) await once(child.stdin, "drain");
  child.stdin.end();
  const [status] = await once(child, "close");
  const number = (pattern) => Number(said.match(pattern)?.[1] ?? 0);
  const counts = {
    all: number(/: (\d+) assessed/),
    good: number(/permit: (\d+)/),
    bad: number(/deny: (\d+)/),
    open: [...said.matchAll(/(\d+) unknown/g)].reduce((sum, [, count]) => sum + Number(count), 0),
    none: number(/error: (\d+)/),
  };
  return { path, said, status, counts, bytes: (await stat(path)).size };
}

function* small() {
  yield* fleet(SMALL);
  for (const id of HOSTILE) yield `${JSON.stringify({ device: { id, platform: "android" } })}\n`;
  yield "not json\n";
}

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
let failed = 0;

/** Opens a page in a context of its own; nothing may be asked of any network. */
async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: DESKTOP, locale: "en-GB", ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(path).href && !request.url().startsWith("data:")) faults.push(`asked for ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href);
  return { page, faults, close: () => context.close() };
}

async function test(name, path, options, body) {
  let opened;
  try {
    opened = await open(path, options);
    await body(opened.page);
    assert.deepEqual(opened.faults, []);
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`not ok ${name} # ${String(error.message ?? error).replaceAll("\n", " | ")}`);
  } finally {
    await opened?.close();
  }
}

const count = (text) => Number(text.replaceAll(/\D/g, ""));
const rows = (page) => page.locator("#devices [role=row][data-place]");
const grid = (page) => page.getByRole("grid");
const matching = async (page) => Number(await grid(page).getAttribute("aria-rowcount")) - 1;
const choose = async (page, name, value) => {
  const select = page.locator(`#devices select[name=${name}]`);
  if (!(await select.isVisible())) await page.locator("#devices summary").click();
  await select.selectOption(value);
};
const focused = (page) => page.evaluate(() => document.activeElement?.dataset?.place ?? null);

/** What axe finds that keeps people out, of all that WCAG 2.2 AA asks for. */
async function barriers(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  const grave = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return grave.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" ")}`);
}

const few = await report("small", small());
const many = await report("large", fleet(LARGE));

await test("the page counts what the command counted", few.path, {}, async (page) => {
  assert.equal(few.status, 2, few.said);
  assert.equal(few.counts.all, SMALL + HOSTILE.length);
  for (const [tile, expected] of Object.entries(few.counts)) {
    assert.equal(count(await page.locator(`#in-en [data-tile=${tile}] b`).innerText()), expected, tile);
  }
  assert.equal(await matching(page), few.counts.all);
  // The table adds up, and says what the tiles say.
  const table = await page.locator("#in-en table[data-chart=status] tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll("td")].map((cell) => Number(cell.dataset.n))),
  );
  const total = table.pop();
  total.forEach((sum, column) => assert.equal(table.reduce((all, row) => all + row[column], 0), sum));
  assert.deepEqual(total.slice(0, 3), [few.counts.all, few.counts.good, few.counts.bad]);
  assert.equal(total.slice(3).reduce((sum, of) => sum + of), few.counts.all);
});

for (const [code, name] of Object.entries(LANGUAGES)) {
  await test(`${name}: chosen by the browser, whole, and without a barrier`, few.path, { locale: `${code}-BE` }, async (page) => {
    assert.equal(await page.locator("html").getAttribute("lang"), code);
    assert.equal(await page.locator(".in:visible").evaluateAll((all) => new Set(all.map((one) => one.lang)).size), 1);
    assert.equal(await page.locator(`#in-${code} h2`).count(), 6);
    assert.match(await page.title(), /\w/);
    const text = await page.locator("body").innerText();
    assert.ok(!/\{\w+\}|undefined|NaN|\[object/.test(text), text.match(/.{20}(\{\w+\}|undefined|NaN|\[object).{20}/)?.[0]);
    assert.equal(await page.locator(`#in-${code} canvas`).count(), 3);
    assert.deepEqual(await barriers(page), []);
    await rows(page).first().click();
    await page.locator("dialog").waitFor();
    assert.ok((await page.locator("dialog li").count()) > 2);
    assert.deepEqual(await barriers(page), []);
  });
}

await test("the language is changed by keyboard, and all of the page with it", few.path, {}, async (page) => {
  await page.locator("#language-en").focus();
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  assert.ok(await page.locator("#in-de h1").isVisible());
  assert.ok(!(await page.locator("#in-en h1").isVisible()));
  assert.equal(await grid(page).getByRole("columnheader").first().innerText().then((text) => text.trim()), "Gerät");
});

await test("without JavaScript the summary is there, in each language", few.path, { javaScriptEnabled: false, locale: "nl-BE" }, async (page) => {
  // As the command's locale has it: nobody can ask the browser.
  assert.ok(await page.locator("#in-fr h1").isVisible());
  for (const [code, name] of Object.entries(LANGUAGES)) {
    await page.getByRole("radio", { name }).check();
    assert.equal(await page.locator(".in:visible h1").count(), 1);
    assert.ok(await page.locator(`#in-${code} h1`).isVisible());
    assert.equal(count(await page.locator(`#in-${code} [data-tile=bad] b`).innerText()), few.counts.bad);
    assert.ok(await page.locator(`#in-${code} noscript p, #in-${code} p:has-text("JavaScript")`).first().isVisible());
  }
  assert.ok(await page.locator("#devices").isHidden());
});

await test("filters show what they say, alone and together", few.path, {}, async (page) => {
  await choose(page, "access", "1");
  assert.equal(await matching(page), few.counts.bad);
  assert.ok((await rows(page).allInnerTexts()).every((row) => row.includes("access closed")));
  await choose(page, "state", "3");
  assert.ok((await matching(page)) <= few.counts.open);
  const both = await matching(page);
  await choose(page, "access", "");
  assert.equal(await matching(page), few.counts.open);
  assert.ok(both > 0);
  await page.getByRole("button", { name: "Show all" }).click();
  assert.equal(await matching(page), few.counts.all);
  // A duty with its app, from the table of what must be done; a line's number as other tools take it.
  const task = page.locator("#in-en [data-task='remove_app tiktok']");
  await task.getByRole("button").click();
  assert.equal(await matching(page), Number(await task.getAttribute("data-n")));
  assert.match(await rows(page).last().locator(".line").innerText(), /^\d+$/);
  assert.match(await rows(page).first().locator(".due").innerText(), /^(at once, without a term|\d+ \w+ 2023)$/);
  // What is due is in the calendar and in the list alike.
  const due = page.locator("#in-en [data-due]").first();
  await due.getByRole("button").click();
  assert.equal(await matching(page), count(await due.locator("b").innerText()));
  assert.equal(await focused(page), "0");
});

await test("a denial that an open question holds up has the colour of the questions", few.path, {}, async (page) => {
  await choose(page, "access", "1");
  await choose(page, "state", "3");
  assert.ok((await matching(page)) > 0);
  assert.ok((await rows(page).evaluateAll((all) => all.every((row) => row.classList.contains("open")))));
  await rows(page).first().click();
  await page.locator("dialog .verdict.open").waitFor();
});

await test("a number of the summary leads to its devices", few.path, {}, async (page) => {
  await page.locator("#in-en [data-tile=bad] button").click();
  assert.equal(await matching(page), few.counts.bad);
  const directive = page.locator("#in-en [data-basis='CIRC2023/07#3']");
  const expected = count(await directive.locator("td").first().innerText());
  await directive.getByRole("button").click();
  assert.equal(await matching(page), expected);
});

await test("search finds a device by a part of its name", few.path, {}, async (page) => {
  const name = await rows(page).nth(5).locator("bdi").innerText();
  await page.getByRole("searchbox").fill(name.slice(3, 20).toUpperCase());
  assert.equal(await matching(page), 1);
  assert.equal(await rows(page).first().locator("bdi").innerText(), name);
  await page.getByRole("searchbox").fill("no such device");
  assert.equal(await matching(page), 0);
  assert.equal(await page.getByRole("status").innerText(), "No device matches.");
});

await test("each column sorts up and down", few.path, {}, async (page) => {
  for (const [at, column] of ["device", "access", "state", "kind", "due", "line"].entries()) {
    const head = grid(page).getByRole("columnheader").nth(at);
    for (const direction of ["ascending", "descending"]) {
      await head.getByRole("button").click();
      assert.equal(await head.getAttribute("aria-sort"), direction);
      assert.ok(await head.getByRole("button").evaluate((button) => button === document.activeElement), "the focus stays");
      const cells = await page.locator(`#devices [data-place] .${column}`).allInnerTexts();
      assert.ok(cells.length > 10);
      if (column !== "device" && column !== "line") continue;
      const values = cells.map((cell) => (column === "line" ? count(cell) : cell));
      const sorted = [...values].sort((one, other) => (one < other ? -1 : 1));
      assert.deepEqual(values, direction === "ascending" ? sorted : sorted.reverse());
    }
  }
});

await test("the list and its explanations are walked through by keyboard only", few.path, {}, async (page) => {
  await page.getByRole("searchbox").focus();
  for (let step = 0; step < 30 && (await focused(page)) === null; step++) await page.keyboard.press("Tab");
  assert.equal(await focused(page), "0");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("PageDown");
  assert.ok(Number(await focused(page)) > 5);
  await page.keyboard.press("End");
  assert.equal(await focused(page), String(few.counts.all - 1));
  const name = await page.locator(":focus bdi").innerText();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name });
  await dialog.waitFor();
  assert.match(await dialog.innerText(), /Why|Under:/);
  assert.match(await dialog.innerText(), /CIRC2023\/07#1/);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await focused(page), String(few.counts.all - 1));
  await page.keyboard.press("Home");
  assert.equal(await focused(page), "0");
  // Out again, and not through every row.
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), null);
});

await test("a screen reader is told names, roles and places", few.path, {}, async (page) => {
  await choose(page, "access", "1");
  await rows(page).first().focus();
  await page.keyboard.press("End");
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const roles = nodes.filter((node) => !node.ignored);
  const named = (role) => roles.filter((node) => node.role?.value === role).map((node) => node.name?.value ?? "");
  assert.deepEqual(named("grid"), ["The devices, one by one"]);
  assert.ok(named("columnheader").includes("Device"));
  assert.ok(named("radio").includes("Nederlands"));
  assert.deepEqual(named("searchbox"), ["Search by name"]);
  assert.ok(named("combobox").every((name) => name !== "") && named("combobox").length >= 5);
  assert.equal(named("image").filter((name) => name.startsWith("Chart of the table")).length, 3);
  assert.ok(named("heading").length >= 8 && named("main").length === 1);
  const last = page.locator(":focus");
  assert.equal(await last.getAttribute("aria-rowindex"), String(few.counts.bad + 1));
  const focus = roles.filter((node) => node.properties?.some(({ name, value }) => name === "focused" && value.value));
  const row = focus.find((node) => node.role.value === "row");
  assert.match(row?.name?.value ?? "", /access closed/);
});

await test("a hostile name does no harm", few.path, {}, async (page) => {
  for (const [at, shown] of [[0, HOSTILE[0]], [1, HOSTILE[1].slice(0, 30)], [2, "\\u{202e}gnp"], [3, "xxxxxxxx"]]) {
    await page.getByRole("searchbox").fill(shown.slice(0, 30));
    assert.equal(await matching(page), 1, shown);
    await rows(page).first().press("Enter");
    const heading = await page.locator("dialog h2").innerText();
    assert.ok(heading.startsWith(shown.slice(0, 30)) && heading.length <= 66, heading);
    await page.keyboard.press("Escape");
    assert.ok(at >= 0);
  }
  assert.notEqual(await page.title(), "harmed");
  assert.equal(await page.locator("img").count(), 0);
});

for (const [width, viewport] of [["a phone", PHONE], ["a desk", DESKTOP]]) {
  for (const colorScheme of ["light", "dark"]) {
    await test(`${colorScheme}, on ${width}: nothing is out of reach`, few.path, { viewport, colorScheme }, async (page) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} pixels too wide`);
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(paper === "rgb(255, 255, 255)", colorScheme === "light");
      assert.deepEqual(await barriers(page), []);
      await page.screenshot({ path: join(folder, `${width.split(" ")[1]}-${colorScheme}.png`), fullPage: true });
      await rows(page).first().click();
      const box = await page.locator("dialog").boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= viewport.width && box.height <= viewport.height);
      await page.getByRole("button", { name: "Close", exact: true }).click();
      await page.locator("dialog").waitFor({ state: "hidden" });
    });
  }
}

await test("print holds the summary and the devices that were chosen, on white", few.path, { colorScheme: "dark" }, async (page) => {
  await choose(page, "state", "2");
  const chosen = await matching(page);
  assert.ok(chosen > 0 && chosen < 500);
  const pdf = await page.pdf({ format: "A4", path: join(folder, "small.pdf") });
  assert.ok(pdf.length > 20_000 && pdf.subarray(0, 5).toString() === "%PDF-");
  assert.equal(await page.locator("#printed").count(), 0, "what is for paper goes again");
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator("#printed tbody tr").count(), chosen);
  assert.ok(await page.locator("#in-en h1").isVisible());
  assert.ok(!(await grid(page).isVisible()) && !(await page.getByRole("searchbox").isVisible()));
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  const ink = await page.locator("#in-en h1").evaluate((heading) => getComputedStyle(heading).color);
  assert.equal(ink, "rgb(27, 31, 36)");
});

const key = join(folder, "names.key");
await writeFile(key, Buffer.alloc(32, 7));
const hidden = await report("pseudonyms", small(), ["--pseudonymise", key]);
await test("under pseudonyms the page holds no name", hidden.path, {}, async (page) => {
  const html = await readFile(hidden.path, "utf8");
  const names = [...fleet(SMALL)].map((line) => JSON.parse(line).device.id);
  assert.equal(names.length, SMALL);
  assert.deepEqual(names.filter((name) => html.includes(name)), []);
  assert.ok((await rows(page).locator("bdi").allInnerTexts()).every((name) => /^[0-9a-f]{32}$/.test(name)));
  assert.match(await page.locator("#in-en .head").innerText(), /pseudonyms/);
  assert.ok(!html.includes("org.example.mail") && !html.includes("Private Mail"), "nor any other app");
});

await test("100,000 devices fit into 10 MB, and are all there", many.path, {}, async (page) => {
  assert.ok(many.bytes <= 10_000_000, `${many.bytes} bytes`);
  assert.equal(many.counts.all, LARGE);
  assert.equal(await matching(page), LARGE);
  await rows(page).first().focus();
  await page.keyboard.press("End");
  assert.equal(await focused(page), String(LARGE - 1));
  assert.ok((await rows(page).count()) < 100, "only what is to be seen is drawn");
  await choose(page, "access", "1");
  assert.equal(await matching(page), many.counts.bad);
});

// Figures, not cases: how long people wait hangs on their machine.
for (const [width, viewport] of [["desk", DESKTOP], ["phone", PHONE]]) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const started = performance.now();
  await page.goto(pathToFileURL(many.path).href);
  await rows(page).first().waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const opened = performance.now() - started;
  const timed = await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const time = async (action) => {
      const start = performance.now();
      action();
      await frame();
      return Math.round(performance.now() - start);
    };
    const search = document.querySelector("#devices input");
    const type = (text) => () => {
      search.value = text;
      search.dispatchEvent(new Event("input"));
    };
    const heads = document.querySelectorAll("#devices [role=columnheader] button");
    const view = document.querySelector("#devices .view");
    const slowest = [];
    for (let step = 1; step <= 60; step++) slowest.push(await time(() => (view.scrollTop = step * 60_000)));
    return {
      search: await time(type("a7")),
      all: await time(type("")),
      sort: await time(() => heads[0].click()),
      frame: Math.max(...slowest),
    };
  });
  console.log(
    `counted: ${LARGE} devices, ${(many.bytes / 1e6).toFixed(1)} MB, on a ${width}: open in ${Math.round(opened)} ms, ` +
      `search ${timed.search} ms, sort by name ${timed.sort} ms, slowest frame of a scroll ${timed.frame} ms`,
  );
  await context.close();
}

await browser.close();
process.exitCode = failed === 0 ? 0 : 1;
