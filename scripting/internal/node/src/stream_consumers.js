// stream/consumers: all of a stream at once.
'use strict';

async function chunks(source) {
    const all = [];
    for await (const chunk of source) all.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    return all;
}
const buffer = async (source) => Buffer.concat(await chunks(source));
const text = async (source) => new TextDecoder().decode(await buffer(source));
exports.buffer = buffer;
exports.text = text;
exports.json = async (source) => JSON.parse(await text(source));
exports.arrayBuffer = async (source) => {
    const { buffer: bytes, byteOffset, byteLength } = await buffer(source);
    return bytes.slice(byteOffset, byteOffset + byteLength);
};
exports.blob = async (source) => new Blob(await chunks(source));
