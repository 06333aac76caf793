// What expect knows of values: how they are shown, which are equal, and the matchers that are equal to more than one.
//
// host.shown(v) is how an object of the web platform prints itself, and host.alike(v) is what compares two of its class.
(function (host) {
  'use strict';

  // What a value is, as text.

  const indent = (depth) => '  '.repeat(depth);
  const isObject = (v) => (typeof v === 'object' && v !== null) || typeof v === 'function';
  const tag = (v) => Object.prototype.toString.call(v).slice(8, -1);
  const className = (v) => {
    const name = v?.constructor?.name;
    return typeof name === 'string' && name !== 'Object' ? name : '';
  };
  const keysOf = (v) => [
    ...Object.keys(v).sort(),
    ...Object.getOwnPropertySymbols(v).filter((s) => Object.getOwnPropertyDescriptor(v, s).enumerable),
  ];

  function show(v, depth = 0, seen = []) {
    switch (typeof v) {
      case 'string': return JSON.stringify(v);
      case 'number': return Object.is(v, -0) ? '-0' : String(v);
      case 'bigint': return `${v}n`;
      case 'symbol': return v.toString();
      case 'function': return v.name ? `[Function ${v.name}]` : '[Function anonymous]';
      case 'object': break;
      default: return String(v);
    }
    if (v === null) return 'null';
    if (seen.includes(v)) return '[Circular]';
    if (v[asymmetric]) return v.toString();
    const inner = [...seen, v];
    const block = (name, open, items, close) => (items.length === 0
      ? `${name}${open}${close}`
      : `${name}${open}\n${items.map((item) => `${indent(depth + 1)}${item},\n`).join('')}${indent(depth)}${close}`);
    const nested = (item) => show(item, depth + 1, inner);
    switch (tag(v)) {
      case 'Date': return Number.isNaN(v.getTime()) ? 'Date { NaN }' : v.toISOString();
      case 'RegExp': return String(v);
      case 'Error': case 'DOMException': return `[${v.name}: ${v.message}]`;
      case 'Boolean': case 'Number': case 'String': return `[${tag(v)}: ${show(v.valueOf())}]`;
      case 'Map': return block('Map ', '{', [...v].map(([key, value]) => `${nested(key)} => ${nested(value)}`), '}');
      case 'Set': return block('Set ', '{', [...v].map(nested), '}');
      case 'Promise': return 'Promise {}';
      default:
    }
    if (Array.isArray(v) || ArrayBuffer.isView(v)) {
      const name = Array.isArray(v) ? '' : `${className(v)} `;
      return block(name, '[', Array.from(v, nested), ']');
    }
    const shown = shownOf(v, nested);
    if (shown !== undefined) return shown;
    const name = Object.getPrototypeOf(v) === null ? '' : className(v);
    const key = (k) => (typeof k === 'symbol' ? `[${String(k)}]` : JSON.stringify(k));
    return block(name ? `${name} ` : '', '{', keysOf(v).map((k) => `${key(k)}: ${nested(v[k])}`), '}');
  }

  // Asymmetric matchers: values that are equal to more than one.

  const asymmetric = Symbol('asymmetric matcher');
  const matcher = (text, matches) => ({ [asymmetric]: true, matches: (v) => matches(v) === true, toString: () => text });
  const classes = new Map([[String, 'string'], [Number, 'number'], [Boolean, 'boolean'], [Function, 'function'],
    [Symbol, 'symbol'], [BigInt, 'bigint'], [Object, 'object']]);
  const any = (type) => {
    if (typeof type !== 'function') throw new TypeError('expect.any() needs a class, such as String');
    return matcher(`Any<${type.name}>`, (v) => typeof v === classes.get(type) || (type !== Object && v instanceof type));
  };
  const isText = (v) => typeof v === 'string' || v instanceof String;
  const oneLine = (v) => show(v).replace(/\s*\n\s*/g, ' ').replace(/,( [\]}])/g, '$1');
  const makers = {
    // What is no object matches neither objectContaining nor its opposite.
    objectContaining: (wanted) => [`ObjectContaining ${oneLine(wanted)}`,
      (v) => (typeof v === 'object' && !Array.isArray(v) ? keysOf(wanted).every((k) => v !== null && k in v && equal(wanted[k], v[k])) : undefined)],
    arrayContaining: (wanted) => [`ArrayContaining ${oneLine(wanted)}`,
      (v) => wanted.length === 0 || (Array.isArray(v) && wanted.every((w) => v.some((item) => equal(w, item))))],
    arrayOf: (wanted) => [`ArrayOf ${oneLine(wanted)}`, (v) => Array.isArray(v) && v.every((item) => equal(wanted, item))],
    stringContaining: (wanted) => [`StringContaining ${show(wanted)}`, (v) => isText(v) && v.includes(wanted)],
    stringMatching: (wanted) => [`StringMatching ${wanted instanceof RegExp ? wanted : show(wanted)}`,
      (v) => isText(v) && new RegExp(wanted).test(v)],
    closeTo: (wanted, digits = 2) => [`CloseTo ${wanted} (${digits} digits)`,
      (v) => typeof v === 'number' && (Object.is(v, wanted) || Math.abs(v - wanted) < 10 ** -digits / 2)],
  };

  // What is equal.

  // strict also tells undefined from missing, and classes apart.
  function equal(a, b, strict = false, seenA = [], seenB = []) {
    if (isObject(a) && a[asymmetric]) return isObject(b) && b[asymmetric] ? Object.is(a, b) : a.matches(b);
    if (isObject(b) && b[asymmetric]) return b.matches(a);
    if (Object.is(a, b)) return true;
    if (!isObject(a) || !isObject(b) || typeof a === 'function' || typeof b === 'function' || tag(a) !== tag(b)) return false;
    const at = seenA.indexOf(a);
    if (at >= 0) return seenB[at] === b;
    const nextA = [...seenA, a];
    const nextB = [...seenB, b];
    const same = (x, y) => equal(x, y, strict, nextA, nextB);
    switch (tag(a)) {
      case 'Date': return a.getTime() === b.getTime(); // an invalid date is equal to itself alone
      case 'RegExp': return String(a) === String(b);
      case 'ArrayBuffer': return same(new Uint8Array(a), new Uint8Array(b));
      case 'DataView': return same(new Uint8Array(a.buffer, a.byteOffset, a.byteLength), new Uint8Array(b.buffer, b.byteOffset, b.byteLength));
      case 'Boolean': case 'Number': case 'String': return Object.is(a.valueOf(), b.valueOf());
      case 'Error': return a.message === b.message && (!strict || a.constructor === b.constructor);
      case 'DOMException': return a.name === b.name && a.message === b.message;
      case 'Promise': return false;
      case 'Set': return a.size === b.size && [...a].every((x) => b.has(x) || [...b].some((y) => same(x, y)));
      case 'Map': return a.size === b.size && [...a].every(([key, value]) => (b.has(key) ? same(value, b.get(key))
        : [...b].some(([k, v]) => same(key, k) && same(value, v))));
      default:
    }
    if (strict && a.constructor !== b.constructor) return false;
    if (!alike(a, b, same)) return false;
    if (Array.isArray(a) || ArrayBuffer.isView(a)) {
      if (a.length !== b.length) return false;
      for (let i = 0; i < a.length; i += 1) {
        if (strict && (i in a) !== (i in b)) return false;
        if (!same(a[i], b[i])) return false;
      }
    }
    const keys = new Set([...keysOf(a), ...keysOf(b)]);
    const own = (v, key) => (Object.hasOwn(v, key) ? v[key] : undefined);
    for (const key of keys) {
      if (strict && Object.hasOwn(a, key) !== Object.hasOwn(b, key)) return false;
      if (!same(own(a, key), own(b, key))) return false;
    }
    return true;
  }

  // Are two objects the same in what a class of the web platform keeps to itself? Their own properties count beside that, and
  // are all that counts of other objects.
  function alike(a, b, same) {
    const [left, right] = [shownOf(a), shownOf(b)];
    if (left === undefined || right === undefined) return left === right;
    const compare = host.alike(a);
    if (compare !== host.alike(b)) return false;
    const answer = compare === undefined ? left === right : compare(a, b, same);
    if (typeof answer === 'string') throw new TypeError(`two objects of the class ${className(a)} cannot be compared: ${answer}`);
    return answer;
  }

  // Is it true, where it can be told? Failures of matchers are described with it.
  const truly = (asked) => {
    try {
      return asked();
    } catch {
      return false;
    }
  };

  // What is to be seen of an object of the web platform, whose members are getters; undefined for all else.
  function shownOf(v, nested = show) {
    if (tag(v) === 'Object' || Array.isArray(v)) return undefined;
    const shown = host.shown(v)?.call(v, 2, {}, nested);
    return typeof shown === 'string' ? shown : undefined;
  }

  // Is every property of wanted in received, all the way down? Arrays must match item by item.
  // What wanted is a plain object for may be of any class, such as an Error.
  function subset(received, wanted, seen = []) {
    if (!isObject(wanted) || wanted[asymmetric] || !isObject(received) || seen.includes(wanted)) return equal(received, wanted);
    const inner = [...seen, wanted];
    if (Array.isArray(wanted)) {
      return Array.isArray(received) && wanted.length === received.length && wanted.every((item, i) => subset(received[i], item, inner));
    }
    if (wanted instanceof Map && received instanceof Map) {
      return wanted.size === received.size && [...wanted].every(([key, item]) => received.has(key) && subset(received.get(key), item, inner));
    }
    if (tag(wanted) !== 'Object') return equal(received, wanted);
    return typeof received === 'object' && keysOf(wanted).every((key) => key in received && subset(received[key], wanted[key], inner));
  }

  // What of received a toMatchObject talks about, for its diff.
  function visible(received, wanted, seen = []) {
    if (!isObject(received) || !isObject(wanted) || wanted[asymmetric] || seen.includes(wanted)) return received;
    const inner = [...seen, wanted];
    if (Array.isArray(wanted)) {
      return Array.isArray(received) ? received.map((item, i) => (i < wanted.length ? visible(item, wanted[i], inner) : item)) : received;
    }
    if (tag(wanted) !== 'Object') return received;
    const part = {};
    for (const key of keysOf(wanted)) if (key in received) part[key] = visible(received[key], wanted[key], inner);
    return part;
  }

  // Where asymmetric matchers match, the diff shows them on both sides, so that only what is wrong stands out.
  function aligned(received, wanted, seen = []) {
    if (isObject(wanted) && wanted[asymmetric]) return truly(() => wanted.matches(received)) ? wanted : received;
    if (!isObject(received) || !isObject(wanted) || tag(received) !== tag(wanted) || seen.includes(received)) return received;
    const inner = [...seen, received];
    if (Array.isArray(received)) return received.map((item, i) => (i in wanted ? aligned(item, wanted[i], inner) : item));
    if (tag(received) !== 'Object' || className(received) !== '') return received;
    const copy = {};
    for (const key of keysOf(received)) copy[key] = key in wanted ? aligned(received[key], wanted[key], inner) : received[key];
    return copy;
  }

  return { aligned, any, asymmetric, equal, isObject, makers, matcher, show, subset, truly, visible };
})
