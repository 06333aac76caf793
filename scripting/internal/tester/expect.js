// expect, as people know it from Jest: names, arguments, and how a failure reads. values.js knows what is equal to what.
//
// host.here() is the place in the test that is calling now; host.fail(text, place) makes the error of that place, and
// host.diff(expected, received) the lines of a diff.
(function (host, values) {
  'use strict';

  const { aligned, any, asymmetric, equal, isObject, makers, matcher, show, subset, truly, visible } = values;

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
