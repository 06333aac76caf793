// Streams (Streams standard). They are those of the package web-streams-polyfill, which passes the standard's own tests; what
// stands here makes streams of the host with them, and lets bodies read streams that scripts give.
(function (native, use) {
'use strict';

const library = use('dist/streams');
const { ReadableStream, WritableStream, TransformStream } = library;

// What is used of the classes is taken now, because a script may replace it.
const { apply } = Reflect;
const { getReader, pipeTo, tee } = ReadableStream.prototype;
const lockedOf = Object.getOwnPropertyDescriptor(ReadableStream.prototype, 'locked').get;

const isStream = (v) => {
    try {
        apply(lockedOf, v, []);
        return true;
    } catch {
        return false;
    }
};
// The library keeps a stream's state in fields with these names; its version is pinned, and tests hold them.
const isDisturbed = (stream) => stream._disturbed;
const stateOf = (stream) => stream._state;

// bodyStream makes a stream of bytes that the host feeds. pull may be called at once; what it returns is awaited.
const bodyStream = (pull, cancel) => {
    let controller;
    const stream = new ReadableStream({
        __proto__: null, type: 'bytes', pull, cancel: cancel ?? undefined, start(c) { controller = c; },
    }, { __proto__: null, highWaterMark: 0 });
    const ready = () => stateOf(stream) === 'readable';
    return { stream,
        enqueue: (chunk) => { if (ready()) controller.enqueue(chunk); },
        close: () => {
            if (!ready()) return;
            controller.close();
            controller.byobRequest?.respond(0); // who waits with a buffer of his own gets it back
        },
        fail: (e) => { if (ready()) controller.error(e); } };
};

// seize locks a stream for good, and reads it to its end: take gets all chunks, one after the other. drop ends it early.
const seize = (stream, take) => {
    let controller;
    // A pipe asks no result of a read for the method then, which scripts may give to all objects.
    const sink = new WritableStream({ __proto__: null, start(c) { controller = c; }, write(chunk) { take(chunk); } });
    const whole = apply(pipeTo, stream, [sink]);
    return { whole, drop: (reason) => controller.error(reason) };
};
const lock = (stream) => {
    apply(getReader, stream, []);
    stream._disturbed = true;
};
// branches makes two streams of one.
const branches = (stream) => apply(tee, stream, []);
const isLocked = (stream) => apply(lockedOf, stream, []);

const { show, members, compare } = use('show');
const parts = (stream) => ({ locked: stream.locked, state: stateOf(stream) });
show(ReadableStream, (stream) => ({ ...parts(stream), supportsBYOB: stream._readableStreamController instanceof library.ReadableByteStreamController }));
show(WritableStream, parts);
show(TransformStream, (stream) => ({ readable: stream.readable, writable: stream.writable, backpressure: stream._backpressure }));
show(library.ReadableStreamDefaultReader, (reader) => ({ closed: reader.closed }));
show(library.ReadableStreamBYOBReader, (reader) => ({ closed: reader.closed }));
show(library.WritableStreamDefaultWriter, (writer) => ({ closed: writer.closed, ready: writer.ready, desiredSize: writer.desiredSize }));
show(library.ReadableStreamDefaultController, members('desiredSize'));
show(library.ReadableByteStreamController, members('desiredSize'));
compare(ReadableStream, (a, b) => a.locked === b.locked && stateOf(a) === stateOf(b) &&
    'what comes out of a stream is known when it was read: read both, and compare what was read');
show(library.CountQueuingStrategy, members('highWaterMark'));
show(library.ByteLengthQueuingStrategy, members('highWaterMark'));

return { ...library, isStream, isDisturbed, isLocked, bodyStream, seize, lock, branches };
})
