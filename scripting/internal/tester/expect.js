// expect, as people know it from Jest: names, arguments, what is equal to what, and how a failure reads.
//
// host.shown(v) is how an object of the web platform prints itself, host.alike(v) is what compares two of its class, and
// host.here() is the place in the test that is calling now; host.fail(text, place) makes the error of that place, and
// host.diff(expected, received) the lines of a diff.
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

  // Matchers. Each returns whether it passes, and the lines below the headline, which are asked for only when it fails.

  const both = (expected, received, verb = '') => {
    const [e, r] = [show(expected), show(received)];
    if (e === r) return `Expected: ${verb}${e}\nReceived: serializes to the same text`;
    if (!e.includes('\n') && !r.includes('\n')) return `Expected: ${verb}${e}\nReceived: ${' '.repeat(verb.length)}${r}`;
    return host.diff(e, show(aligned(received, expected)));
  };
  const unexpected = (value) => `Expected: not ${show(value)}`;
  const only = (received) => `Received: ${show(received)}`;
  const compared = (name, sign, test) => [name, (received, expected) => {
    for (const [which, v] of [['received', received], ['expected', expected]]) {
      if (typeof v !== 'number' && typeof v !== 'bigint') throw new TypeError(`${which} value must be a number or bigint, got ${show(v)}`);
    }
    return { pass: test(received, expected), text: (not) => `Expected: ${not ? 'not ' : ''}${sign} ${show(expected)}\nReceived: ${not ? '    ' : ''}${' '.repeat(sign.length)} ${show(received)}` };
  }];
  const plainly = (name, test) => [name, (received, ...expected) => {
    if (expected.length > 0) throw new TypeError(`${name} takes no expected value, got ${show(expected[0])}`);
    return { pass: test(received), text: () => only(received) };
  }];

  function pathOf(path) {
    if (Array.isArray(path)) return path.map(String);
    return String(path).replace(/\[(\w+)\]/g, '.$1').replace(/^\./, '').split('.');
  }

  function thrown(received, fromPromise) {
    if (fromPromise) return { threw: true, value: received };
    if (typeof received !== 'function') throw new TypeError(`received value must be a function, got ${show(received)}`);
    try {
      received();
    } catch (value) {
      return { threw: true, value };
    }
    return { threw: false };
  }

  const causeOf = (v) => (v instanceof Error ? v.cause : undefined);

  function itemsOf(v) {
    if (v === null || v === undefined || typeof v[Symbol.iterator] !== 'function') throw new TypeError(`received value must be iterable, got ${show(v)}`);
    return Array.from(v);
  }

  function throwsAs(value, expected) {
    if (expected === undefined) return true;
    const message = isObject(value) && 'message' in value ? value.message : String(value);
    if (typeof expected === 'string') return String(message).includes(expected);
    if (expected instanceof RegExp) return expected.test(message);
    if (isObject(expected) && expected[asymmetric]) return expected.matches(value);
    if (typeof expected === 'function') return value instanceof expected;
    return isObject(expected) && message === expected.message && equal(causeOf(value), causeOf(expected));
  }

  const matchers = Object.fromEntries([
    ['toBe', (received, expected) => ({
      pass: Object.is(received, expected),
      text: (not) => {
        if (not) return unexpected(expected);
        const lines = both(expected, received);
        return truly(() => equal(received, expected)) ? `${lines}\n\nIf it should pass with deep equality, replace "toBe" with "toEqual"` : lines;
      },
    })],
    ['toEqual', (received, expected) => ({
      pass: equal(received, expected), text: (not) => (not ? unexpected(expected) : both(expected, received)),
    })],
    ['toStrictEqual', (received, expected) => ({
      pass: equal(received, expected, true), text: (not) => (not ? unexpected(expected) : both(expected, received)),
    })],
    ['toMatchObject', (received, expected) => {
      for (const [which, v] of [['received', received], ['expected', expected]]) {
        if (typeof v !== 'object' || v === null) throw new TypeError(`${which} value must be an object, got ${show(v)}`);
      }
      return {
        pass: subset(received, expected),
        text: (not) => (not ? unexpected(expected) : both(expected, visible(received, expected))),
      };
    }],
    ['toMatch', (received, expected) => {
      if (typeof received !== 'string') throw new TypeError(`received value must be a string, got ${show(received)}`);
      if (typeof expected !== 'string' && !(expected instanceof RegExp)) throw new TypeError(`expected value must be a string or a regular expression, got ${show(expected)}`);
      const pass = typeof expected === 'string' ? received.includes(expected) : new RegExp(expected).test(received);
      const what = typeof expected === 'string' ? 'substring' : 'pattern';
      const pad = (not) => ' '.repeat(what.length - 6 + (not ? 4 : 0));
      return { pass, text: (not) => `Expected ${what}: ${not ? 'not ' : ''}${typeof expected === 'string' ? show(expected) : expected}\nReceived string: ${pad(not)}${show(received)}` };
    }],
    ['toContain', (received, expected) => {
      if (typeof received === 'string') {
        if (typeof expected !== 'string') throw new TypeError(`expected value must be a string if the received value is one, got ${show(expected)}`);
        return { pass: received.includes(expected), text: (not) => `Expected substring: ${not ? 'not ' : ''}${show(expected)}\nReceived string:    ${show(received)}` };
      }
      const items = itemsOf(received);
      return { pass: items.indexOf(expected) >= 0, text: (not) => {
        const hint = !not && items.some((item) => truly(() => equal(item, expected))) ? '\n\nLooks like you wanted to test for an equal item: use toContainEqual' : '';
        return `Expected value: ${not ? 'not ' : ''}${show(expected)}\nReceived: ${show(received)}${hint}`;
      } };
    }],
    ['toContainEqual', (received, expected) => ({
      pass: itemsOf(received).some((item) => equal(item, expected)),
      text: (not) => `Expected value: ${not ? 'not ' : ''}${show(expected)}\nReceived: ${show(received)}`,
    })],
    ['toHaveLength', (received, expected) => {
      if (!Number.isInteger(expected) || expected < 0) throw new TypeError(`expected value must be a length, got ${show(expected)}`);
      const length = received?.length;
      if (typeof length !== 'number') throw new TypeError(`received value must have a length, got ${show(received)}`);
      return { pass: length === expected, text: (not) => `Expected length: ${not ? 'not ' : ''}${expected}\nReceived length: ${length}\nReceived: ${show(received)}` };
    }],
    ['toHaveProperty', (received, path, ...value) => {
      if (received === null || received === undefined) throw new TypeError(`received value must not be null nor undefined, got ${show(received)}`);
      if ((typeof path !== 'string' && !Array.isArray(path)) || (Array.isArray(path) && path.length === 0)) throw new TypeError(`expected path must be a string or an array with names, got ${show(path)}`);
      let [at, there] = [received, true];
      const walked = [];
      for (const key of pathOf(path)) {
        if (at === null || at === undefined || !(key in Object(at))) {
          there = false;
          break;
        }
        walked.push(key);
        at = at[key];
      }
      const pass = there && (value.length === 0 || equal(at, value[0]));
      return { pass, text: (not) => {
        const where = `Expected path: ${not ? 'not ' : ''}${show(path)}`;
        if (!there) return `${where}\nReceived path: ${show(walked.join('.'))}\nReceived: ${show(received)}`;
        return value.length === 0 || not ? `${where}\nReceived value: ${show(at)}` : `${where}\n${both(value[0], at)}`;
      } };
    }],
    ['toThrow', (received, expected, fromPromise) => {
      if (expected !== undefined && typeof expected !== 'string' && !isObject(expected)) throw new TypeError(`expected value must be a text, a class, a regular expression or an error, got ${show(expected)}`);
      const { threw, value } = thrown(received, fromPromise);
      const wanted = expected === undefined ? '' : typeof expected === 'function' ? expected.name
        : expected instanceof RegExp ? String(expected) : show(isObject(expected) && !expected[asymmetric] ? expected.message : expected);
      return { pass: threw && throwsAs(value, expected), text: (not) => {
        const lines = wanted ? `Expected: ${not ? 'not ' : ''}${wanted}\n` : '';
        if (!threw) return `${lines}Received function did not throw`;
        return `${lines}Received: ${isObject(value) && 'message' in value ? `${value.name}: ${value.message}` : show(value)}`;
      } };
    }],
    ['toBeCloseTo', (received, expected, digits = 2) => {
      for (const [which, v] of [['received', received], ['expected', expected]]) {
        if (typeof v !== 'number') throw new TypeError(`${which} value must be a number, got ${show(v)}`);
      }
      const close = (received === expected && !Number.isNaN(received)) || Math.abs(received - expected) < 10 ** -digits / 2;
      return { pass: close, text: (not) => `Expected: ${not ? 'not ' : ''}${show(expected)}\nReceived: ${not ? '    ' : ''}${show(received)}\n\nExpected precision: ${digits} digits\nReceived difference: ${Math.abs(received - expected)}` };
    }],
    ['toBeInstanceOf', (received, expected) => ({
      pass: received instanceof expected,
      text: (not) => `Expected constructor: ${not ? 'not ' : ''}${expected.name}\nReceived: ${show(received)}`,
    })],
    compared('toBeGreaterThan', '>', (a, b) => a > b),
    compared('toBeGreaterThanOrEqual', '>=', (a, b) => a >= b),
    compared('toBeLessThan', '<', (a, b) => a < b),
    compared('toBeLessThanOrEqual', '<=', (a, b) => a <= b),
    plainly('toBeTruthy', (v) => Boolean(v)),
    plainly('toBeFalsy', (v) => !v),
    plainly('toBeNull', (v) => v === null),
    plainly('toBeUndefined', (v) => v === undefined),
    plainly('toBeDefined', (v) => v !== undefined),
    plainly('toBeNaN', (v) => Number.isNaN(v)),
  ]);
  matchers.toThrowError = matchers.toThrow;

  // The counts are the runner's: what a test without assertions, or with too few, is told.
  const counts = { made: 0, wanted: null, some: null };

  function headline(name, modifiers, args) {
    const shown = args.length === 0 ? '' : 'expected';
    return `expect(received)${modifiers}.${name}(${shown})`;
  }

  function check(name, received, args, { not, modifiers, place, fromPromise }) {
    counts.made += 1;
    let result;
    try {
      result = name === 'toThrow' || name === 'toThrowError' ? matchers[name](received, args[0], fromPromise) : matchers[name](received, ...args);
    } catch (error) {
      if (error instanceof TypeError) throw host.fail(`${headline(name, modifiers, args)}\n\nMatcher error: ${error.message}`, place);
      throw error;
    }
    if (result.pass === not) throw host.fail(`${headline(name, modifiers, args)}\n\n${result.text(not)}`, place);
  }

  function expectation(received, not) {
    const modifiers = not ? '.not' : '';
    const own = {};
    for (const name of Object.keys(matchers)) {
      own[name] = (...args) => check(name, received, args, { not, modifiers, place: host.here(), fromPromise: false });
    }
    for (const kind of ['resolves', 'rejects']) {
      Object.defineProperty(own, kind, { get: () => settled(received, kind, not) });
    }
    if (!not) Object.defineProperty(own, 'not', { get: () => expectation(received, true) });
    return own;
  }

  function settled(received, kind, before) {
    const build = (not) => {
      const own = {};
      const modifiers = `${before ? '.not' : ''}.${kind}${not && !before ? '.not' : ''}`;
      for (const name of Object.keys(matchers)) {
        own[name] = async (...args) => {
          const place = host.here();
          const promise = typeof received === 'function' && kind === 'rejects' ? received() : received;
          if (!isObject(promise) || typeof promise.then !== 'function') {
            throw host.fail(`${headline(name, modifiers, args)}\n\nMatcher error: received value must be a promise, got ${show(received)}`, place);
          }
          let value;
          try {
            value = await promise;
          } catch (reason) {
            if (kind === 'rejects') {
              check(name, reason, args, { not, modifiers, place, fromPromise: true });
              return;
            }
            throw host.fail(`${headline(name, modifiers, args)}\n\nReceived promise rejected instead of resolved\nRejected to value: ${show(reason)}`, place);
          }
          if (kind === 'rejects') {
            throw host.fail(`${headline(name, modifiers, args)}\n\nReceived promise resolved instead of rejected\nResolved to value: ${show(value)}`, place);
          }
          check(name, value, args, { not, modifiers, place, fromPromise: false });
        };
      }
      return own;
    };
    const own = build(before);
    Object.defineProperty(own, 'not', { get: () => build(true) });
    return own;
  }

  const expect = (received) => expectation(received, false);
  Object.assign(expect, {
    any,
    anything: () => matcher('Anything', (v) => v !== null && v !== undefined),
    assertions: (n) => { counts.wanted = n; },
    hasAssertions: () => { counts.some = true; },
    not: {},
  });
  for (const name of Object.keys(makers)) {
    expect[name] = (...args) => matcher(...makers[name](...args));
    expect.not[name] = (...args) => {
      const [text, matches] = makers[name](...args);
      return matcher(`Not${text}`, (v) => matches(v) === false);
    };
  }

  const begin = () => { Object.assign(counts, { made: 0, wanted: null, some: null }); };
  // What is wrong with the number of assertions, "" when nothing is.
  const finish = () => {
    if (counts.wanted !== null && counts.wanted !== counts.made) {
      return `expect.assertions(${counts.wanted})\n\nExpected ${counts.wanted} assertions to be called but received ${counts.made}`;
    }
    if (counts.some && counts.made === 0) return 'expect.hasAssertions()\n\nExpected at least one assertion to be called but received none';
    return '';
  };
  return { expect, show, begin, finish };
})
