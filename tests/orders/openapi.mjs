// Reads /openapi.json, checks it against the schema of OpenAPI 3.1, and calls every route in it
// with what schema_requests.mjs makes of it. Called by openapi_test.py as:
// node openapi.mjs URL READ_TOKEN TRADE_TOKEN ADMIN_TOKEN
import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { default as addFormats } from "ajv-formats";

import { Requests } from "./schema_requests.mjs";

const [base, read, trade, admin] = process.argv.slice(2);
const RANKS = ["open", "read", "trade", "admin"];
const TOKENS = { open: "", read, trade, admin };
const METHODS = ["get", "put", "post", "delete", "patch", "head", "options"];

const description = await (await fetch(`${base}/openapi.json`)).json();
const validator = new Validator();
const { valid, errors } = await validator.validate(structuredClone(description));
assert.ok(valid, JSON.stringify(errors, null, 1));
assert.equal(validator.version, "3.1");

const ajv = new Ajv2020({ strict: false, allErrors: false });
(addFormats.default ?? addFormats)(ajv);
ajv.addSchema({ $id: "urn:millrace:api", components: description.components });
// A schema of the description, its references resolved.
const compile = (schema) => {
    const text = JSON.stringify(schema)
        .replaceAll("\"#/components", "\"urn:millrace:api#/components");
    return ajv.compile(JSON.parse(text));
};
for (const name of Object.keys(description.components.schemas))
    assert.ok(compile({ $ref: `#/components/schemas/${name}` }), name);

const requests = new Requests(description);
const isProblem = compile({ $ref: "#/components/schemas/Problem" });
const wrong = [];
const statuses = {};
let asked = 0;
let keys = 0;
const queue = [];

async function call(operation, url, options) {
    const { method, route } = operation;
    const response = await fetch(base + url, { method: method.toUpperCase(), ...options });
    const text = await response.text();
    const { status } = response;
    ++asked;
    statuses[status] = (statuses[status] ?? 0) + 1;
    const told = `${method} ${url} ${options.body ?? ""}`.slice(0, 600) +
        ` -> ${status} ${text.slice(0, 300)}`;
    if (status >= 500) wrong.push(`a fault: ${told}`);
    // What is no success may be declared by "default".
    if (!route.responses[status] && (status < 400 || !route.responses.default))
        wrong.push(`undeclared: ${told}`);
    const type = response.headers.get("content-type") ?? "";
    if (status >= 400) {
        if (!type.startsWith("application/problem+json") || !isProblem(parsed(text)))
            wrong.push(`no problem: ${told}`);
    } else if (method !== "head") {
        checkAnswer(operation, status, type, text, told);
    }
    return { status, told };
}

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch {
        return "no JSON"; // which no schema of ours allows
    }
}

function checkAnswer(operation, status, type, text, told) {
    const content = operation.route.responses[status]?.content;
    if (!content) return;
    const media = content[type.split(";")[0]];
    if (!media) {
        wrong.push(`another type, ${type}: ${told}`);
    } else if (type.startsWith("application/json")) {
        operation.answers ??= {};
        operation.answers[status] ??= compile(media.schema);
        if (!operation.answers[status](parsed(text)))
            wrong.push(`${ajv.errorsText(operation.answers[status].errors)}: ${told}`);
    }
}

// The URL with plain values, but for those given.
function urlOf(operation, given = {}) {
    const inPath = (parameter) => encodeURIComponent(
        given[parameter.name] ?? requests.plain(parameter.schema, parameter.name));
    let url = operation.path;
    const query = new URLSearchParams();
    for (const parameter of operation.parameters) {
        if (parameter.in === "path") url = url.replace(`{${parameter.name}}`, inPath(parameter));
        if (parameter.in === "query" && (given[parameter.name] !== undefined || parameter.required))
            query.set(parameter.name,
                given[parameter.name] ?? requests.plain(parameter.schema, parameter.name));
    }
    return url + (query.size ? `?${query}` : "");
}

function optionsOf(operation, body, token = TOKENS[operation.scope]) {
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    if (operation.parameters.some(({ name }) => name === "Idempotency-Key"))
        headers["Idempotency-Key"] = `schema-${++keys}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return { headers, body };
}

const refused = (status) => status >= 400 && status < 500;

async function callWithParameters(operation) {
    const plain = operation.body ? JSON.stringify(requests.plain(operation.body)) : undefined;
    for (const parameter of operation.parameters) {
        if (parameter.in === "header") continue;
        const schema = requests.resolve(parameter.schema);
        const isAllowed = compile(schema);
        for (const text of requests.parameterValues(parameter)) {
            if (parameter.in === "path" && (text === "" || text === "." || text === "..")) continue;
            const isNumber = schema.type === "integer" && /^-?\d{1,16}$/.test(text);
            const value = isNumber ? Number(text)
                : schema.type === "boolean" && /^(true|false)$/.test(text) ? text === "true" : text;
            const { status, told } = await call(operation,
                urlOf(operation, { [parameter.name]: text }), optionsOf(operation, plain));
            if (!isAllowed(value) && !refused(status)) wrong.push(`taken, and forbidden: ${told}`);
        }
    }
    const { status, told } = await call(operation,
        urlOf(operation) + "?no_such_parameter=1", optionsOf(operation, plain));
    if (!refused(status)) wrong.push(`an unknown parameter is taken: ${told}`);
}

async function callWithBodies(operation) {
    const isAllowed = compile(operation.body);
    const url = urlOf(operation);
    for (const body of requests.bodies(operation.body)) {
        const text = JSON.stringify(body);
        const { status, told } = await call(operation, url, optionsOf(operation, text));
        if (!isAllowed(JSON.parse(text)) && !refused(status))
            wrong.push(`taken, and forbidden: ${told}`);
    }
    for (const text of requests.texts(requests.plain(operation.body))) {
        const { status, told } = await call(operation, url, optionsOf(operation, text));
        if (!refused(status)) wrong.push(`taken, and no JSON of ours: ${told}`);
    }
    const options = optionsOf(operation, JSON.stringify(requests.plain(operation.body)));
    options.headers["Content-Type"] = "text/plain";
    const { status, told } = await call(operation, url, options);
    if (status !== 415) wrong.push(`not JSON, and not 415: ${told}`);
}

// Every scope below the route's is turned away, before anything is looked at.
async function callWithoutLeave(operation) {
    const body = operation.body ? JSON.stringify(requests.plain(operation.body)) : undefined;
    for (const scope of RANKS.slice(0, RANKS.indexOf(operation.scope))) {
        const { status, told } = await call(operation, urlOf(operation),
            optionsOf(operation, body, TOKENS[scope]));
        const expected = scope === "open" ? 401 : 403;
        if (scope === "open" && operation.scope === "read") continue; // reading is open on loopback
        if (status !== expected) wrong.push(`as ${scope}, and not ${expected}: ${told}`);
    }
}

for (const [path, item] of Object.entries(description.paths)) {
    for (const [method, route] of Object.entries(item)) {
        if (!METHODS.includes(method)) continue;
        const parameters = [...(item.parameters ?? []), ...(route.parameters ?? [])];
        const body = route.requestBody?.content["application/json"].schema;
        queue.push({ path, method, route, parameters, body, scope: route["x-millrace-scope"] });
    }
}
assert.ok(queue.length > 0);
for (const operation of queue) {
    assert.ok(RANKS.includes(operation.scope), operation.path);
    if (operation.route.responses[101]) continue; // a WebSocket: interop_test.py opens it
    const plain = operation.body ? JSON.stringify(requests.plain(operation.body)) : undefined;
    await call(operation, urlOf(operation), optionsOf(operation, plain));
    await callWithoutLeave(operation);
    await callWithParameters(operation);
    if (operation.body) await callWithBodies(operation);
}
console.log(`${queue.length} routes, ${asked} requests: ${JSON.stringify(statuses)}`);
for (const line of wrong.slice(0, 30)) console.error(line);
process.exit(wrong.length ? 1 : 0);
