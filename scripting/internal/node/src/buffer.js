// buffer: the global, and what stands beside it.
'use strict';

const { Buffer, Blob, File, atob, btoa } = globalThis;
const kMaxLength = 2 ** 31 - 1, kStringMaxLength = 2 ** 29 - 24;
const bytes = (v) => (ArrayBuffer.isView(v) ? new Uint8Array(v.buffer, v.byteOffset, v.byteLength) : new Uint8Array(v));

module.exports = {
    Buffer, SlowBuffer: Buffer, Blob, File, atob, btoa, kMaxLength, kStringMaxLength, INSPECT_MAX_BYTES: 50,
    constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength },
    isAscii: (v) => bytes(v).every((b) => b < 128),
    isUtf8: (v) => {
        try {
            new TextDecoder('utf-8', { fatal: true }).decode(bytes(v));
            return true;
        } catch {
            return false;
        }
    },
    transcode: (v, from, to) => Buffer.from(Buffer.from(v).toString(from), to),
};
