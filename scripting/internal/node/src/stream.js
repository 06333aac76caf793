// stream: readable-stream, which is Node's own, and the bridges to the streams of the web that it lacks.
'use strict';

const stream = require('readable-stream/lib/stream.js');
const { Readable, Writable } = stream;

Readable.fromWeb = function fromWeb(source, options) {
    const reader = source.getReader();
    return new Readable({
        ...options,
        read() {
            reader.read().then(({ done, value }) => {
                this.push(done ? null : value instanceof Uint8Array && !options?.objectMode ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value);
            }, (error) => this.destroy(error));
        },
        destroy(error, done) { reader.cancel(error).then(() => done(error), () => done(error)); },
    });
};

Readable.toWeb = function toWeb(source) {
    return new ReadableStream({
        start(controller) {
            source.on('data', (chunk) => {
                controller.enqueue(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
                if (controller.desiredSize <= 0) source.pause();
            });
            stream.finished(source, (error) => {
                if (error) controller.error(error);
                else controller.close();
            });
            source.pause();
        },
        pull() { source.resume(); },
        cancel(reason) { source.destroy(reason); },
    });
};
Readable.prototype[Symbol.asyncIterator] ??= function () { return this.iterator(); };
module.exports = stream;
