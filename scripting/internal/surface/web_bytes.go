package surface

const surfaceWebBytes = `
/** Decodes base64 to a text with one character for each byte. */
declare function atob(base64: string): string;
/** Encodes a text with one character for each byte as base64. */
declare function btoa(binary: string): string;
/** Makes bytes of text, in UTF-8. */
declare class TextEncoder {
  constructor();
  /** Always "utf-8". */
  readonly encoding: string;
  /** Returns the bytes of a text. */
  encode(text?: string): Uint8Array;
  /** Writes the bytes of a text into an array, as far as they fit. */
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}
/** Makes text of bytes. */
declare class TextDecoder {
  /** Labels are those of utf-8, utf-16le, utf-16be and windows-1252 (latin1). Default "utf-8". */
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  /** Whether bytes that are not valid throw. */
  readonly fatal: boolean;
  /** Whether a byte order mark is part of the text. */
  readonly ignoreBOM: boolean;
  /** Returns the text of some bytes. With stream, characters may continue in the next call. */
  decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}

/** Bytes, as in Node. */
interface Buffer extends Uint8Array {
  /** @deprecated The ArrayBuffer behind it: use buffer. */
  readonly parent: ArrayBuffer;
  /** @deprecated Where it begins: use byteOffset. */
  readonly offset: number;
  /** The text of the bytes, by default in UTF-8. */
  toString(encoding?: string, start?: number, end?: number): string;
  toLocaleString(encoding?: any, start?: any, end?: any): string;
  toJSON(): { type: "Buffer"; data: number[] };
  equals(other: Uint8Array): boolean;
  compare(target: Uint8Array, targetStart?: number, targetEnd?: number, sourceStart?: number, sourceEnd?: number): number;
  /** Copies bytes into an array, and returns how many. */
  copy(target: Uint8Array, targetStart?: number, sourceStart?: number, sourceEnd?: number): number;
  /** Writes a text, and returns how many bytes it took. */
  write(text: string, encoding?: string): number;
  write(text: string, offset: number, encoding?: string): number;
  write(text: string, offset: number, length: number, encoding?: string): number;
  fill(value: any, offset?: any, end?: any, encoding?: string): this;
  indexOf(value: any, offset?: any, encoding?: string): number;
  lastIndexOf(value: any, offset?: any, encoding?: string): number;
  includes(value: any, offset?: any, encoding?: string): boolean;
  /** A view of some of the bytes, not a copy. */
  slice(start?: number, end?: number): any;
  swap16(): this;
  swap32(): this;
  swap64(): this;
  inspect(): string;
BUFFER_NUMBERS}
/** Makes bytes, as in Node. */
declare var Buffer: {
  prototype: Buffer;
  /** @deprecated Use Buffer.from or Buffer.alloc. */
  new (value: any, encodingOrOffset?: any, length?: number): Buffer;
  /** The bytes of a text: utf8, hex, base64, base64url, latin1, ascii or utf16le. */
  from(value: string, encoding?: string): Buffer;
  /** The bytes of an array, copied, or a view of an ArrayBuffer. */
  from(value: ArrayBuffer | ArrayBufferView | ArrayLike<number> | Iterable<number> | { type: "Buffer"; data: number[] }, offset?: number, length?: number): Buffer;
  /** The bytes that are given. */
  of(...items: number[]): Buffer;
  /** Bytes that are zero, or filled. */
  alloc(size: number, fill?: string | number | Uint8Array, encoding?: string): Buffer;
  /** The same as alloc. */
  allocUnsafe(size: number): Buffer;
  /** The same as alloc. */
  allocUnsafeSlow(size: number): Buffer;
  /** Joins bytes. */
  concat(list: readonly Uint8Array[], length?: number): Buffer;
  /** How many bytes a text has. */
  byteLength(value: string | ArrayBuffer | ArrayBufferView, encoding?: string): number;
  /** Compares bytes: -1, 0 or 1. */
  compare(a: Uint8Array, b: Uint8Array): number;
  isBuffer(value: any): value is Buffer;
  isEncoding(encoding: string): boolean;
  poolSize: number;
};
`

const surfaceWebCrypto = `
/** A key of crypto.subtle. */
declare class CryptoKey {
  private constructor();
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: any;
  readonly usages: string[];
}
type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
type BufferSource = ArrayBuffer | ArrayBufferView;
/** Digests and HMAC. */
declare class SubtleCrypto {
  private constructor();
  /** Returns the digest of some bytes. */
  digest(algorithm: HashName | { name: HashName }, data: BufferSource): Promise<ArrayBuffer>;
  /** Makes a key of HMAC. */
  importKey(format: "raw" | "jwk", key: any, algorithm: { name: "HMAC"; hash: HashName | { name: HashName }; length?: number }, extractable: boolean, usages: ("sign" | "verify")[]): Promise<CryptoKey>;
  /** Makes a random key of HMAC. */
  generateKey(algorithm: { name: "HMAC"; hash: HashName | { name: HashName }; length?: number }, extractable: boolean, usages: ("sign" | "verify")[]): Promise<CryptoKey>;
  /** Returns a key that is extractable. */
  exportKey(format: "raw" | "jwk", key: CryptoKey): Promise<any>;
  /** Returns the HMAC of some bytes. */
  sign(algorithm: "HMAC" | { name: "HMAC" }, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  /** Tells whether an HMAC is right, in constant time. */
  verify(algorithm: "HMAC" | { name: "HMAC" }, key: CryptoKey, signature: BufferSource, data: BufferSource): Promise<boolean>;
}
/** What crypto is. */
declare class Crypto {
  private constructor();
  /** Digests and HMAC. */
  readonly subtle: SubtleCrypto;
  /** Returns a random UUID. */
  randomUUID(): string;
  /** Fills an array of integers with random values, at most 65,536 bytes. */
  getRandomValues<T extends ArrayBufferView>(array: T): T;
}
/** Randomness, digests and HMAC. */
declare var crypto: Crypto;
`
