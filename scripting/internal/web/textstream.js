// TextEncoderStream and TextDecoderStream (Encoding standard, 7.5 and 7.6).
(function (native, use) {
'use strict';

const { TransformStream } = use('stream');
const { TextEncoder, TextDecoder } = use('encoding');
const { apply } = Reflect;
const { encode } = TextEncoder.prototype, { decode } = TextDecoder.prototype;

const isHigh = (unit) => unit >= 0xd800 && unit <= 0xdbff;

class TextEncoderStream {
    #pipe;
    constructor() {
        const encoder = new TextEncoder();
        let high = ''; // the first half of a pair whose other may come with the next chunk
        const send = (text, controller) => {
            if (text !== '') controller.enqueue(apply(encode, encoder, [text]));
        };
        this.#pipe = new TransformStream({
            __proto__: null,
            transform(chunk, controller) {
                let text = high + `${chunk}`;
                high = '';
                if (text !== '' && isHigh(text.charCodeAt(text.length - 1))) {
                    high = text[text.length - 1];
                    text = text.slice(0, -1);
                }
                send(text, controller);
            },
            flush(controller) { send(high, controller); },
        });
    }
    get encoding() {
        void this.#pipe;
        return 'utf-8';
    }
    get readable() { return this.#pipe.readable; }
    get writable() { return this.#pipe.writable; }
    get [Symbol.toStringTag]() { return 'TextEncoderStream'; }
}

class TextDecoderStream {
    #decoder; #pipe;
    constructor(label = 'utf-8', options = undefined) {
        const decoder = new TextDecoder(label, options);
        const send = (text, controller) => {
            if (text !== '') controller.enqueue(text);
        };
        this.#decoder = decoder;
        this.#pipe = new TransformStream({
            __proto__: null,
            transform(chunk, controller) {
                if (chunk === undefined) throw new TypeError("A chunk of a TextDecoderStream is not of type 'ArrayBuffer' or 'ArrayBufferView'.");
                send(apply(decode, decoder, [chunk, { __proto__: null, stream: true }]), controller);
            },
            flush(controller) { send(apply(decode, decoder, []), controller); },
        });
    }
    get encoding() { return this.#decoder.encoding; }
    get fatal() { return this.#decoder.fatal; }
    get ignoreBOM() { return this.#decoder.ignoreBOM; }
    get readable() { return this.#pipe.readable; }
    get writable() { return this.#pipe.writable; }
    get [Symbol.toStringTag]() { return 'TextDecoderStream'; }
}

const { show, members } = use('show');
show(TextEncoderStream, members('encoding', 'readable', 'writable'));
show(TextDecoderStream, members('encoding', 'fatal', 'ignoreBOM', 'readable', 'writable'));

return { TextEncoderStream, TextDecoderStream };
})
