// Requests made from an OpenAPI description alone: for each value a schema speaks of, some that it
// allows and some that it forbids, at its limits and beyond them.

// What a schema cannot say: names that exist.
const KNOWN = {
    symbol: "AAPL", account: "main", strategy: "alpha", strategyId: "alpha", scope: "global",
    key: "-", limit: "max-order-qty", id: "1", side: "BUY", order_type: "LMT", type: "LMT",
    price: "100.00", limitPrice: "100.00", quantity: "1", qty: "1", action: "engage",
    value: "500", client_tag: "schema",
};
const NASTY = [
    "", " ", "\u0000", "\u0001\u001f", "é".repeat(40), "\u{1F600}",
    "'; DROP TABLE trading_intents; --",
    "\"}], {\"x\": \"", "\\", "<script>", "../../../etc/passwd", "%00", "NaN", "Infinity",
    "-0", "1e309",
    "9".repeat(400), "x".repeat(5000), "null", "true", "\ud800",
];
const NUMBERS = [0, -0, -1, 1, 0.1, 1e-12, 1e15, 1e300, -1e300, 9007199254740993,
    9223372036854775807, 2147483648, 4294967296];
const OTHERS = [null, true, false, [], {}, [1], { a: 1 }];

export class Requests {
    constructor(description) {
        this.description = description;
    }

    resolve(schema) {
        for (let turns = 0; schema?.$ref; ++turns) {
            if (turns > 10) throw new Error(`${schema.$ref} goes in circles`);
            schema = schema.$ref.slice(2).split("/").reduce((at, name) => at[name],
                this.description);
        }
        return schema ?? {};
    }

    // One value that the schema allows, and plain.
    plain(given, name) {
        const schema = this.resolve(given);
        const type = [schema.type ?? []].flat();
        const parts = schema.oneOf ?? schema.anyOf;
        if (parts) return this.plain(parts[0], name);
        if (type.includes("object") || schema.properties) return this.plainObject(schema);
        if (type.includes("array")) return [this.plain(schema.items, name)];
        if (schema.enum) return schema.enum.includes(KNOWN[name]) ? KNOWN[name] : schema.enum[0];
        if (type.includes("boolean")) return false;
        if (type.includes("integer") || (type.includes("number") && !type.includes("string")))
            return Math.max(schema.minimum ?? 1, 1);
        if (schema.format === "date-time") return "2030-01-02T03:04:05Z";
        return KNOWN[name] ?? "x".repeat(Math.max(1, schema.minLength ?? 1));
    }

    plainObject(schema) {
        const made = {};
        for (const name of schema.required ?? [])
            made[name] = this.plain(schema.properties[name], name);
        return made;
    }

    // Values at the limits of the schema, some in, some out.
    *around(given, name) {
        const schema = this.resolve(given);
        for (const part of schema.oneOf ?? schema.anyOf ?? []) yield* this.around(part, name);
        for (const value of schema.enum ?? []) yield value;
        for (const limit of [schema.minimum, schema.maximum]) {
            if (limit === undefined) continue;
            for (const step of [-1, 0, 1]) yield limit + step;
        }
        for (const limit of [schema.minLength, schema.maxLength]) {
            if (limit === undefined || limit > 100_000) continue;
            for (const step of [-1, 0, 1]) if (limit + step >= 0) yield "x".repeat(limit + step);
        }
        yield this.plain(given, name);
        yield* NASTY;
        yield* NUMBERS;
        yield* OTHERS;
    }

    // Bodies: plain; all properties; each property around its limits; each left out; no object.
    *bodies(given) {
        const schema = this.resolve(given);
        const plain = this.plain(schema);
        yield plain;
        yield* this.wholes(schema, plain);
        for (const [name, property] of Object.entries(schema.properties ?? {})) {
            for (const value of this.around(property, name)) yield { ...plain, [name]: value };
            const { [name]: _, ...without } = plain;
            yield without;
        }
        yield { ...plain, "no such field": 1 };
        yield { ...plain, __proto__x: {} };
        yield* OTHERS;
        yield "text";
        yield 17;
    }

    *wholes(schema, plain) {
        const all = { ...plain };
        for (const [name, property] of Object.entries(schema.properties ?? {}))
            all[name] ??= this.plain(property, name);
        yield all;
        // Random mixtures, the same in each run.
        let state = 12345;
        const next = (below) => {
            state = (state * 1103515245 + 12345) % 2147483648;
            return Math.floor(state / 2147483648 * below);
        };
        for (let turn = 0; turn < 30; ++turn) {
            const mixed = {};
            for (const [name, property] of Object.entries(schema.properties ?? {})) {
                if (next(3) === 0) continue;
                const values = [...this.around(property, name)];
                mixed[name] = next(4) ? this.plain(property, name) : values[next(values.length)];
            }
            yield mixed;
        }
    }

    // Texts of a body that no schema speaks of.
    *texts(body) {
        const text = JSON.stringify(body);
        yield "";
        yield " ";
        yield text.slice(0, -1);
        yield text + "x";
        yield `[${text}]`;
        yield text.replace("{", "{\"symbol\":\"AAPL\",\"symbol\":\"MSFT\",");
        yield text.replace(/:/, ":NaN,\"x\":");
        yield "[".repeat(40) + "]".repeat(40);
        yield `{"a":${"[".repeat(2000)}${"]".repeat(2000)}}`;
        yield "\ufeff" + text;
    }

    // Values of a parameter as they stand in a URL, with whether the schema allows each.
    *parameterValues(parameter) {
        const schema = this.resolve(parameter.schema);
        const seen = new Set();
        for (const value of this.around(schema, parameter.name)) {
            if (value !== null && typeof value === "object") continue;
            const text = String(value);
            if (seen.has(text) || text.includes("\ud800")) continue;
            seen.add(text);
            yield text;
        }
    }
}
