// The schemas that millrace publishes, held against what millrace writes, by an independent
// validator in its strict mode. Called by ctest as: node schema_test.mjs PROGRAM
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

if (!existsSync(new URL("node_modules/ajv", import.meta.url))) {
    console.error("the node modules of tests/schema are not installed: run tools/setup");
    process.exit(1);
}
const { Ajv2020 } = await import("ajv/dist/2020.js");
const { default: addFormats } = await import("ajv-formats");

const program = resolve(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), "millrace-schema-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

const millrace = (...words) =>
    execFileSync(program, words, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });

function compile(schema) {
    // A decimal is text or a number, which strict mode would refuse as a union.
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    ajv.addVocabulary(["x-millrace-reload", "x-millrace-variable"]); // notes for people
    addFormats(ajv);
    return ajv.compile(schema);
}

// Each noun's schema compiles, forbids what it does not name, and requires only what it names.
const validators = new Map();
const schemas = new Map();
for (const { name } of JSON.parse(millrace("schema", "--json")).nouns) {
    const schema = JSON.parse(millrace("schema", name));
    assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
    assert.equal(schema.additionalProperties, false, name);
    for (const field of schema.required) assert.ok(schema.properties[field], `${name}.${field}`);
    validators.set(name, compile(schema));
    schemas.set(name, schema);
}

const accepts = (noun, record) => validators.get(noun)(record);
const told = (noun, record) =>
    `${noun} ${JSON.stringify(record)}: ${JSON.stringify(validators.get(noun).errors)}`;

let refused = 0;
function refuses(noun, record, how) {
    assert.ok(!accepts(noun, record), `${how} was accepted: ${noun} ${JSON.stringify(record)}`);
    refused += 1;
}

// Every record that is written is valid; every record that was spoilt is not.
function spoil(noun, record) {
    refuses(noun, { ...record, unexpected: 1 }, "an unknown field");
    for (const field of schemas.get(noun).required) {
        const { [field]: _, ...rest } = record;
        refuses(noun, rest, `a record without ${field}`);
        refuses(noun, { ...record, [field]: "" }, `nothing as ${field}`);
    }
    for (const [field, { type }] of Object.entries(schemas.get(noun).properties)) {
        refuses(noun, { ...record, [field]: {} }, `an object as ${field}`);
        refuses(noun, { ...record, [field]: [record[field]] }, `a list as ${field}`);
        if ([type].flat().includes("boolean")) continue;
        refuses(noun, { ...record, [field]: true }, `true as ${field}`);
    }
}

millrace("journal", "generate", "journal", "--records", "5000");
const written = millrace("journal", "inspect", "journal", "--records", "--jsonl", "--limit", "5000")
    .trimEnd().split("\n").map((line) => JSON.parse(line));
assert.equal(written.length, 5000);
const seen = new Set();
for (const { noun, record } of written) {
    assert.ok(accepts(noun, record), told(noun, record));
    if (!seen.has(noun)) spoil(noun, record);
    seen.add(noun);
}
for (const noun of ["source", "instrument", "account", "strategy", "quote", "trade", "bar",
    "order_intent", "checkpoint"]) assert.ok(seen.has(noun), `no ${noun} was written`);

// The schema of the configuration accepts a right file and refuses a misspelt one.
const settings = compile(JSON.parse(millrace("config", "schema")));
assert.ok(settings({ log: { level: "debug" } }), JSON.stringify(settings.errors));
assert.ok(!settings({ log: { levle: "debug" } }));
assert.ok(!settings({ log: { level: "loud" } }));

console.log(`${schemas.size} schemas, ${written.length} records of ${seen.size} nouns accepted, ` +
    `${refused} spoilt ones refused`);
