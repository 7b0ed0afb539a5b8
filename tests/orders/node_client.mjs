// An orders server against Node's fetch and the ws package. Called by interop_test.py as:
// node node_client.mjs URL READ_TOKEN TRADE_TOKEN
import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";

const [base, read, trade] = process.argv.slice(2);

async function ask(path, { method = "GET", token = trade, body, key } = {}) {
    const headers = { Authorization: `Bearer ${token}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (key) headers["Idempotency-Key"] = key;
    const response = await fetch(base + path, { method, headers, body: JSON.stringify(body) });
    return { status: response.status, headers: response.headers, body: await response.json() };
}

assert.deepEqual((await ask("/healthz")).body.ok, true);
const wish = { symbol: "AAPL", side: "BUY", quantity: 2, order_type: "LMT", price: 100.25,
    client_tag: "Zoë ☃", strategy: "node" };
const taken = await ask("/api/v1/orderintents", { method: "POST", body: wish, key: "node-1" });
assert.equal(taken.status, 202);
assert.deepEqual(Object.keys(taken.body), ["id", "status", "symbol"]);
assert.match(taken.headers.get("x-request-id"), /^[\w:.-]{1,64}$/);
const chain = (await ask(`/api/v1/orderintents/${taken.body.id}`, { token: read })).body;
assert.deepEqual([chain.client_tag, chain.price, chain.quantity], ["Zoë ☃", "100.25", "2"]);

const again = await ask("/api/v1/orderintents", { method: "POST", body: wish, key: "node-1" });
assert.deepEqual([again.status, again.body.id, again.body.type],
    [409, taken.body.id, "urn:millrace:problem:duplicate-intent"]);
const refused = await ask("/api/v1/orderintents",
    { method: "POST", body: { ...wish, price: null }, key: "node-2" });
assert.deepEqual([refused.status, refused.body.path], [422, "$.price"]);
assert.match(refused.headers.get("content-type"), /^application\/problem\+json/);

// Many at once, over as many connections as fetch likes.
const many = await Promise.all(Array.from({ length: 200 }, (_, number) => ask(
    "/api/v1/orderintents", { method: "POST", body: wish, key: `node-many-${number % 100}` })));
assert.equal(many.filter(({ status }) => status === 202).length, 100);
assert.equal(many.filter(({ status }) => status === 409).length, 100);
assert.equal(new Set(many.map(({ body }) => body.id)).size, 100);

// There is no WebSocket here, and it is said in HTTP.
const socket = new WebSocket(base.replace("http", "ws") + "/api/v1/status",
    { headers: { Authorization: `Bearer ${read}` }, ca: process.env.CA });
const [, response] = await once(socket, "unexpected-response");
assert.ok(response.statusCode >= 400 && response.statusCode < 500, String(response.statusCode));
response.destroy();
console.log("Node's fetch and ws: as they should");
process.exit(0);
