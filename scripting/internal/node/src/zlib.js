// zlib: the formats are Go's. A stream gives what it has made when its input ends.
'use strict';

const shape = require('unenv/node/zlib').default;
const { constants } = shape;

const advice = 'it is not among what this host gives; gzip, deflate and their opposites are';
const refused = require('./refuse.js')('zlib', advice, shape);
const bytesOf = (v) => (typeof v === 'string' ? Buffer.from(v) : ArrayBuffer.isView(v) ? new Uint8Array(v.buffer, v.byteOffset, v.byteLength) : new Uint8Array(v));

function fail([code, message]) {
    return Object.assign(new Error(message), { errno: constants[code], code });
}

function run(kind, data, options = {}) {
    const result = native.convert(kind, bytesOf(data), options?.level ?? -1, options?.maxOutputLength ?? 2 ** 28);
    if (Array.isArray(result)) throw fail(result);
    return Buffer.from(result);
}

const out = Object.assign(refused, { constants, codes: shape.codes });
for (const name of Object.keys(constants)) out[name] ??= constants[name];
for (const kind of ['Gzip', 'Gunzip', 'Deflate', 'Inflate', 'DeflateRaw', 'InflateRaw', 'Unzip']) {
    const short = kind[0].toLowerCase() + kind.slice(1);
    out[`${short}Sync`] = (data, options) => run(kind, data, options);
    out[short] = (data, options, done = options) => {
        let result;
        try {
            result = run(kind, data, typeof options === 'function' ? {} : options);
        } catch (error) {
            return process.nextTick(done, error);
        }
        process.nextTick(done, null, result);
    };
    const create = (options) => {
        const parts = [];
        const { Transform } = require('stream');
        return new Transform({
            transform(chunk, encoding, done) { parts.push(Buffer.from(chunk)); done(); },
            flush(done) {
                try {
                    if (parts.length > 0 || !kind.startsWith('In') && kind !== 'Gunzip' && kind !== 'Unzip') this.push(run(kind, Buffer.concat(parts), options));
                    done();
                } catch (error) {
                    done(error);
                }
            },
        });
    };
    out[`create${kind}`] = create;
    out[kind] = function (options) { return create(options); };
}
module.exports = out;
