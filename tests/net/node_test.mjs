// The server against Node's fetch and the ws package. Called by ctest as: node node_test.mjs SERVER
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { once } from "node:events";
import https from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

if (!existsSync(new URL("node_modules/ws", import.meta.url))) {
    console.error("the node modules of tests/net are not installed: run tools/setup");
    process.exit(1);
}
const { default: WebSocket } = await import("ws");

const program = resolve(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), "millrace-node-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const certificate = join(folder, "certificate.pem");
const key = join(folder, "key.pem");
execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
    "-nodes", "-days", "1", "-subj", "/CN=millrace test", "-keyout", key, "-out", certificate,
    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], { stdio: "ignore" });
chmodSync(key, 0o600);

async function serve(words, work) {
    const server = spawn(program, [mkdtempSync(join(folder, "data-")), ...words],
        { stdio: ["pipe", "pipe", "inherit"] });
    const ended = once(server, "exit");
    const [line] = await once(server.stdout, "data");
    const [port, token] = line.toString().trim().split(" ");
    await work(port, token);
    server.stdin.end();
    assert.deepEqual(await ended, [0, null]);
}

async function fetches(port, token) {
    const base = `http://localhost:${port}`;
    assert.deepEqual(await (await fetch(`${base}/health`)).json(), { status: "ok" });
    const who = await fetch(`${base}/who`, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal((await who.json()).scope, "trade");
    const big = await fetch(`${base}/big`);
    assert.equal((await big.text()).length, 3_000_000);
    const echo = await fetch(`${base}/echo`, {
        method: "POST", body: JSON.stringify({ text: "é".repeat(1_000) }),
        headers: { "Content-Type": "application/json" },
    });
    assert.equal((await echo.json()).text.length, 1_000);
    const many = await Promise.all(Array.from({ length: 200 }, async (_, i) =>
        (await (await fetch(`${base}/items/${i}`)).json()).id === String(i)));
    assert.ok(many.every(Boolean));
    const preflight = await fetch(`${base}/health`, { method: "OPTIONS" });
    assert.equal(preflight.status, 204);
    const problem = await fetch(`${base}/none`);
    assert.equal(problem.headers.get("content-type"), "application/problem+json");
}

async function talk(url, options) {
    const socket = new WebSocket(url, ["other", "echo.v1"], options);
    await once(socket, "open");
    assert.equal(socket.protocol, "echo.v1");
    // Each length at which the head of a frame changes its form, and fragments.
    for (const size of [0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 2_000_000]) {
        socket.send("x".repeat(size));
        const [text, isBinary] = await once(socket, "message");
        assert.deepEqual([text.length, isBinary], [size, false]);
        socket.send(Buffer.alloc(size, 7));
        const [bytes, binary] = await once(socket, "message");
        assert.ok(binary && bytes.equals(Buffer.alloc(size, 7)));
    }
    socket.send("κόσ", { fin: false });
    socket.ping("between");
    socket.send("με", { fin: true });
    const [[pong], [joined]] = await Promise.all([once(socket, "pong"), once(socket, "message")]);
    assert.equal(pong.toString(), "between");
    assert.equal(joined.toString(), "κόσμε");
    socket.send("close me");
    const [code, reason] = await once(socket, "close");
    assert.deepEqual([code, reason.toString()], [1000, "as you wish"]);
}

async function declines(port) {
    const socket = new WebSocket(`ws://localhost:${port}/ws/quotes`);
    const [, response] = await once(socket, "unexpected-response");
    assert.equal(response.statusCode, 401);
    response.destroy();
}

await serve([], async (port, token) => {
    await fetches(port, token);
    await talk(`ws://localhost:${port}/ws/echo`, {});
    await talk(`ws://localhost:${port}/ws/echo`, { perMessageDeflate: true });
    await declines(port);
    // The token as a protocol, as a browser must show it: it is never sent back.
    const socket = new WebSocket(`ws://localhost:${port}/ws/quotes`,
        ["millrace.v1", `bearer.${token}`]);
    await once(socket, "open");
    assert.equal(socket.protocol, "millrace.v1");
    socket.terminate();
});
await serve([certificate, key], async (port) => {
    const ca = readFileSync(certificate);
    await talk(`wss://localhost:${port}/ws/echo`, { ca });
    const answer = await new Promise((done, failed) =>
        https.get(`https://localhost:${port}/health`, { ca }, done).on("error", failed));
    assert.equal(answer.statusCode, 200);
    answer.destroy();
    await assert.rejects(fetch(`https://localhost:${port}/health`));
});
console.log("Node's fetch and ws talk with the server, plain and over TLS");
process.exit(0);
