(function (checkJSON, checkSource, parts) {
  'use strict';
  const { construct, apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } = Reflect;
  const Range = RangeError;
  // As much as fits beside what else a host does. Node allows four times as much.
  const maxLength = 2 ** 27, maxBytes = 2 ** 28;
  const put = (owner, name, value) => defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false });

  const { parse } = JSON;
  if (parts.includes('json')) put(JSON, 'parse', {
    parse(text, reviver) {
      const string = typeof text === 'string' ? text : `${text}`;
      if (string.length > 10000) checkJSON(string);
      return reviver === undefined ? parse(string) : parse(string, reviver);
    },
  }.parse);

  const strings = String.prototype;
  const bounded = (name, length, made) => {
    const original = strings[name];
    const method = {
      [name](...args) {
        if (this !== undefined && this !== null && args.length > 0) {
          args[0] = +args[0];
          if (args[0] > 1000 && made(`${this}`.length, args) > maxLength) throw new Range('Invalid string length');
        }
        return apply(original, this, args);
      },
    }[name];
    defineProperty(method, 'length', { value: length, configurable: true });
    put(strings, name, method);
  };
  if (parts.includes('strings')) {
    bounded('repeat', 1, (length, [count]) => (count === Infinity ? 0 : length * count)); // which is an error of its own
    bounded('padStart', 1, (length, [to, pad]) => (pad === '' ? 0 : to));
    bounded('padEnd', 1, (length, [to, pad]) => (pad === '' ? 0 : to));
  }

  const { join } = Array.prototype;
  if (parts.includes('join')) put(Array.prototype, 'join', {
    join(separator) {
      if (this !== undefined && this !== null && this.length > 1000000) {
        const between = separator === undefined ? 1 : `${separator}`.length;
        if (between * this.length > maxLength || this.length > maxLength) throw new Range('Invalid string length');
      }
      return apply(join, this, [separator]);
    },
  }.join);

  for (const owner of !parts.includes('source') ? [] : [Function.prototype, getPrototypeOf(async function () {}), getPrototypeOf(function* () {})]) {
    const original = owner.constructor;
    const maker = function (...args) {
      let length = 0;
      for (let i = 0; i < args.length; i++) {
        args[i] = `${args[i]}`;
        length += args[i].length;
      }
      if (length > 5000) for (let i = 0; i < args.length; i++) checkSource(args[i]);
      return construct(original, args, new.target === undefined || new.target === maker ? original : new.target);
    };
    defineProperty(maker, 'name', { value: original.name, configurable: true });
    defineProperty(maker, 'length', { value: 1, configurable: true });
    defineProperty(maker, 'prototype', { value: owner, writable: false });
    defineProperty(owner, 'constructor', { value: maker, writable: owner === Function.prototype, configurable: true, enumerable: false });
    if (owner === Function.prototype) put(globalThis, 'Function', maker);
  }

  for (const name of !parts.includes('bytes') ? [] : ['ArrayBuffer', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array',
    'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array']) {
    const original = globalThis[name];
    if (original === undefined) continue;
    const each = original.BYTES_PER_ELEMENT || 1;
    const maker = function (...args) {
      if (new.target === undefined) return original();
      if (typeof args[0] !== 'object' && args[0] * each > maxBytes) {
        throw new Range(name === 'ArrayBuffer' ? 'Array buffer allocation failed' : `Invalid typed array length: ${args[0]}`);
      }
      return construct(original, args, new.target === maker ? original : new.target);
    };
    setPrototypeOf(maker, getPrototypeOf(original));
    for (const key of ownKeys(original)) defineProperty(maker, key, getOwnPropertyDescriptor(original, key));
    put(original.prototype, 'constructor', maker);
    put(globalThis, name, maker);
  }
});
