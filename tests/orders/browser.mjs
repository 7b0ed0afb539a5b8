// An orders server from a page in headless Chromium: its own origin may ask, another may not.
// Called by interop_test.py as: node browser.mjs URL TRADE_TOKEN
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const [base, token] = process.argv.slice(2);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome"].find((path) => existsSync(path));
assert.ok(executablePath, "Chromium is not installed: run tools/setup");

const stranger = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end("<!doctype html><title>stranger</title>");
});
await new Promise((listening) => stranger.listen(0, "127.0.0.1", listening));

const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--no-proxy-server"],
});

// What a page there gets: [status, body], or the word of the failure.
const asked = (page, url, method, wish, key) => page.evaluate(
    async ([address, verb, bearer, body, name]) => {
        try {
            const headers = { Authorization: `Bearer ${bearer}` };
            if (body) Object.assign(headers, { "Content-Type": "application/json",
                "Idempotency-Key": name });
            const response = await fetch(address,
                { method: verb, headers, body: body && JSON.stringify(body) });
            return [response.status, await response.json()];
        } catch (error) {
            return error.name;
        }
    }, [url, method, token, wish, key]);

try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const opened = await page.goto(`${base}/healthz`);
    assert.equal(opened.status(), 200);
    assert.equal(JSON.parse(await page.textContent("body")).ok, true);

    const wish = { symbol: "MSFT", side: "SELL", quantity: 1, order_type: "MKT", strategy: "page" };
    const intents = `${base}/api/v1/orderintents`;
    const [status, taken] = await asked(page, intents, "POST", wish, "page-1");
    assert.equal(status, 202);
    assert.equal((await asked(page, intents, "POST", wish, "page-1"))[0], 409);
    assert.equal((await asked(page, `${intents}/${taken.id}`, "GET"))[1].idempotency_key, "page-1");

    // A page of a stranger has no business here, token or not.
    await page.goto(`http://127.0.0.1:${stranger.address().port}/`);
    assert.equal(await page.title(), "stranger");
    assert.equal(await asked(page, intents, "POST", wish, "page-2"), "TypeError");
    assert.equal(await asked(page, `${base}/api/v1/status`, "GET"), "TypeError");
    // Nor by a form, which needs no leave of CORS.
    await page.setContent(`<form method="post" action="${base}/kill-switch" enctype="text/plain">
        <input name='{"action":"engage","reason":"' value='"}'></form>`);
    const [answer] = await Promise.all([page.waitForNavigation(),
        page.evaluate(() => document.querySelector("form").submit())]);
    assert.ok([401, 403].includes(answer.status()), String(answer.status()));
    await page.goto(`${base}/healthz`);
    const switches = (await asked(page, `${base}/kill-switch`, "GET"))[1];
    assert.equal(switches.engaged, false);
    const known = (await asked(page, `${base}/intents?limit=1000`, "GET"))[1];
    assert.equal(known.filter(({ idempotency_key: key }) => key === "page-2").length, 0);
    console.log("headless Chromium: its own origin may, a stranger may not");
} finally {
    await browser.close();
    stranger.close();
}
process.exit(0);
