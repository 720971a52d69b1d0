// SPDX-License-Identifier: GPL-2.0-or-later
// The pages of `viaduct analyze --html` and of `viaduct audit --html` as a browser, its user and those who attack them meet them.
// usage: node --test page_test.js, with SOURCE, VIADUCT (the program), FOLDER (to write to), MODULES (where npm ci ran)
"use strict";
const assert = require("node:assert");
const {execFileSync} = require("node:child_process");
const fs = require("node:fs");
const {createRequire} = require("node:module");
const path = require("node:path");
const {after, before, test} = require("node:test");
const {pathToFileURL} = require("node:url");

const {SOURCE, VIADUCT, FOLDER, MODULES} = process.env;
const need = createRequire(path.join(MODULES, "package.json"));
const {chromium} = need("playwright-core");
const axe = fs.readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");

const WIDE = {width: 1100, height: 800};
const PHONE = {width: 360, height: 740};
const HOSTILE_NAME = '"><img src=x onerror=hacked()>.pcap';
let browser;
let pages;

/// A router whose names are those of whoever attacks the page, or of nobody.
function router(name) {
  return `version 15.4\nhostname ${name}\ninterface GigabitEthernet0/1\n ip nat outside\npolicy-map ${name}\n class ${name}\n` +
    `ip inspect name ${name} sip timeout 30\ninterface GigabitEthernet0/0\n ip inspect ${name} in\nip nat inside source list 1 interface GigabitEthernet0/1 overload\nend\n`;
}

/// Both end with 1 where they found something.
function analyze(page, ...captures) {
  return made("analyze", page, captures);
}
function audit(page, ...configurations) {
  return made("audit", page, configurations);
}
function made(tool, page, inputs) {
  try {
    execFileSync(VIADUCT, [tool, "--html", page, ...inputs], {stdio: ["ignore", "ignore", "pipe"]});
  } catch (error) {
    assert.equal(error.status, 1, String(error.stderr));
  }
  return page;
}

before(async () => {
  fs.rmSync(FOLDER, {recursive: true, force: true});
  fs.mkdirSync(FOLDER, {recursive: true});
  execFileSync("python3", ["-B", path.join(SOURCE, "tests/page/captures.py"), FOLDER]);
  const at = (name) => path.join(FOLDER, name);
  const goldens = path.join(SOURCE, "tests/report/expected");
  // Under one name, so that the harmless page differs in what was captured only.
  fs.mkdirSync(at("a"));
  fs.mkdirSync(at("b"));
  fs.renameSync(at("hostile.pcap"), at("a/" + HOSTILE_NAME));
  fs.renameSync(at("harmless.pcap"), at("b/" + HOSTILE_NAME));
  fs.writeFileSync(at("a/router.cfg"), router('r"><img/src=x/onerror=hacked()>'));
  fs.writeFileSync(at("b/router.cfg"), router("router"));
  const cases = path.join(SOURCE, "tests/audit/cases");
  pages = {
    devices: audit(at("devices.html"), ...["cisco-ios", "hostile"].map((one) => path.join(cases, one))),
    hostileDevice: audit(at("hostile-device.html"), at("a/router.cfg")),
    harmlessDevice: audit(at("harmless-device.html"), at("b/router.cfg")),
    sample: path.join(goldens, "sample.html"),
    attacked: path.join(goldens, "hostile.html"),
    call: analyze(at("call.html"), at("call.pcap")),
    hostile: analyze(at("hostile.html"), at("a/" + HOSTILE_NAME)),
    harmless: analyze(at("harmless.html"), at("b/" + HOSTILE_NAME)),
  };
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
           "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
after(() => browser?.close());

/// Opens a page and notes everything that a page without script must not do.
async function open(file, options = {}) {
  const context = await browser.newContext({viewport: WIDE, ...options});
  const page = await context.newPage();
  const seen = [];
  page.on("dialog", (dialog) => { seen.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  page.on("console", (message) => seen.push(`console ${message.text()}`));
  page.on("pageerror", (error) => seen.push(`error ${error}`));
  page.on("popup", (popup) => seen.push(`popup ${popup.url()}`));
  page.on("frameattached", (frame) => seen.push(`frame ${frame.url()}`));
  page.on("framenavigated", (frame) => { if (!frame.url().startsWith(pathToFileURL(file).href)) seen.push(`went to ${frame.url()}`); });
  page.on("request", (request) => { if (request.url() !== pathToFileURL(file).href) seen.push(`request ${request.url()}`); });
  await page.addInitScript(() => { window.hacked = () => console.log("hacked"); });
  await page.goto(pathToFileURL(file).href);
  return {page, seen, close: () => context.close()};
}

for (const name of ["sample", "attacked", "call", "hostile", "devices", "hostileDevice"]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const viewport of [WIDE, PHONE]) {
      if (name !== "sample" && (colorScheme === "dark") !== (viewport === PHONE)) continue;  // the sample has it all
      test(`${name}: axe has nothing to say, ${colorScheme}, ${viewport.width} px`, async () => {
        const {page, close} = await open(pages[name], {colorScheme, viewport});
        await page.evaluate(axe);
        const {violations} = await page.evaluate(() => window.axe.run(document, {resultTypes: ["violations"]}));
        const told = violations.map(({impact, id, nodes}) => `${impact} ${id}: ${nodes[0].html.slice(0, 150)} (${nodes.length})`);
        // Where captured text is the name of everything, names may be the same.
        assert.deepEqual(name === "attacked" ? told.filter((one) => /^(serious|critical)/.test(one)) : told, []);
        await close();
      });
    }
  }
  test(`${name}: the page does not scroll sideways on a phone`, async () => {
    const {page, close} = await open(pages[name], {viewport: PHONE});
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
    await close();
  });
  test(`${name}: is read offline and printed`, async () => {
    const {page, seen, close} = await open(pages[name], {offline: true, javaScriptEnabled: false});
    assert.ok(await page.locator("h1").isVisible());
    const printed = await page.pdf({format: "A4"});
    assert.equal(printed.subarray(0, 5).toString(), "%PDF-");
    assert.ok(printed.length > 10000, `${printed.length} octets are no report`);
    assert.deepEqual(seen, []);
    await close();
  });
}

async function elements(page) {
  return page.evaluate(() => {
    const counts = {};
    for (const element of document.querySelectorAll("*")) {
      const name = `${element.namespaceURI.slice(-4)} ${element.localName} ${[...element.attributes].map((a) => a.name).sort()}`;
      counts[name] = (counts[name] || 0) + 1;
    }
    return counts;
  });
}

// With the policy of the page switched off, too: escaping must hold alone.
for (const bypassCSP of [false, true]) {
  test(`captured text stays text${bypassCSP ? ", without the policy, too" : ""}`, async () => {
    for (const name of ["hostile", "attacked", "devices", "hostileDevice"]) {
      const {page, seen, close} = await open(pages[name], {bypassCSP});
      for (const link of await page.locator("a").all()) {
        assert.match(await link.getAttribute("href"), /^#[a-z0-9-]+$/);
        await link.focus();
      }
      await page.waitForTimeout(300);
      assert.deepEqual(seen, [], name);
      await close();
    }
  });
}

test("each device has a row whose first cell leads to its worst finding", async () => {
  const {page, close} = await open(pages.devices);
  const rows = page.locator("h2#devices ~ *").locator("table").first().locator("tbody tr");
  assert.ok(await rows.count() > 30);
  const first = rows.first().locator("th[scope=row] a, td a").first();
  assert.match(await first.getAttribute("href"), /^#finding-\d+$/);
  assert.equal(await page.locator(await first.getAttribute("href")).count(), 1);
  assert.ok(await page.locator("th[scope=col]", {hasText: "worst finding"}).count() > 0);
  await close();
});

test("no element and no attribute is made of a configuration's text", async () => {
  const hostile = await open(pages.hostileDevice);
  const harmless = await open(pages.harmlessDevice);
  assert.deepEqual(await elements(hostile.page), await elements(harmless.page));
  assert.ok((await hostile.page.evaluate(() => document.body.textContent)).includes("onerror=hacked()"));
  await hostile.close();
  await harmless.close();
});

test("no element and no attribute is made of captured text", async () => {
  const hostile = await open(pages.hostile);
  const harmless = await open(pages.harmless);
  assert.deepEqual(await elements(hostile.page), await elements(harmless.page));
  // It is there all the same, to be read: otherwise nothing was proven.
  const text = await hostile.page.evaluate(() => document.body.textContent);
  for (const part of ["<script>hacked()</script>0", 'onerror=hacked()>1', "javascript:hacked()3", "<!--11",
                      "\\u{202e}gnp.exe\\u{2066}", "\\x1b[2J\\x07\\x08\\x00\\x7f", HOSTILE_NAME])
    assert.ok(text.includes(part), `${part} is not on the page`);
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/);
  await hostile.close();
  await harmless.close();
});

test("the keyboard reaches the verdict first, and all that scrolls", async () => {
  const {page, close} = await open(pages.sample, {viewport: PHONE});
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const named = await page.evaluate(() => [...document.querySelectorAll("body *")]
    .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === "auto")
    .map((e) => [e.tabIndex, e.getAttribute("role"),
                 Boolean(e.getAttribute("aria-label") || document.getElementById(e.getAttribute("aria-labelledby")))]));
  assert.ok(named.length > 3, "the page has nothing that scrolls");
  for (const region of named) assert.deepEqual(region, [0, "region", true]);
  await close();
});

test("what one hears is in order", async () => {
  const {page, close} = await open(pages.sample);
  const levels = await page.evaluate(() => [...document.querySelectorAll("h1,h2,h3,h4")].map((h) => Number(h.localName[1])));
  assert.equal(levels.filter((level) => level === 1).length, 1);
  levels.reduce((previous, level) => { assert.ok(level <= previous + 1, String(levels)); return level; });
  for (const landmark of ["banner", "navigation", "main", "contentinfo"])
    assert.equal(await page.getByRole(landmark).count(), 1, landmark);
  assert.equal(await page.locator("table:not(:has(caption))").count(), 0);
  assert.equal(await page.locator("svg:not(:has(> title, > desc))").count(), 0);
  await close();
});
