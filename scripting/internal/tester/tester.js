// test, describe and the helper that drives plugins, for files of tests. host is what the Go files beside this one offer; expectation is
// what expect.js returns.
(function (host, expectation) {
  'use strict';

  const { expect, show } = expectation;

  // test and describe.

  const nameOf = (name) => (typeof name === 'function' ? name.name : String(name));
  const withDone = (fn) => () => new Promise((resolve, reject) => {
    const done = (error) => { if (error) reject(error instanceof Error ? error : new Error(String(error))); else resolve(); };
    done.fail = (error) => reject(error ?? new Error('done.fail was called'));
    fn(done);
  });
  const body = (fn) => (typeof fn === 'function' && fn.length > 0 ? withDone(fn) : fn);

  function addTest(mode, name, fn, timeout) {
    if (mode !== 'todo' && typeof fn !== 'function') {
      throw new TypeError(`test ${show(nameOf(name))} needs a function; use test.todo for one that is still to be written`);
    }
    host.test(mode, nameOf(name), body(fn), timeout);
  }

  function addSuite(mode, name, fn) {
    if (typeof fn !== 'function') throw new TypeError(`describe ${show(nameOf(name))} needs a function`);
    host.begin(mode, nameOf(name));
    try {
      const result = fn();
      if (result !== undefined && typeof result?.then === 'function') {
        throw new TypeError(`describe ${show(nameOf(name))} returned a promise: the function must not be async`);
      }
    } finally {
      host.end();
    }
  }

  // %s and its like, and $name for rows that are objects.
  function title(name, row, index) {
    const args = Array.isArray(row) ? [...row] : [row];
    let text = nameOf(name).replace(/%([sdifjop#%])/g, (all, kind) => {
      if (kind === '%') return '%';
      if (kind === '#') return String(index);
      if (args.length === 0) return all;
      const arg = args.shift();
      switch (kind) {
        case 's': return String(arg);
        case 'd': return String(Number(arg));
        case 'i': return String(Math.trunc(Number(arg)));
        case 'f': return String(parseFloat(arg));
        case 'j': return JSON.stringify(arg);
        default: return show(arg).replace(/\s*\n\s*/g, ' ');
      }
    });
    if (row !== null && typeof row === 'object' && !Array.isArray(row)) {
      text = text.replace(/\$([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)/g, (all, path) => {
        const value = path.split('.').reduce((at, key) => at?.[key], row);
        return typeof value === 'string' ? value : value === undefined ? all : show(value).replace(/\s*\n\s*/g, ' ');
      });
    }
    return text;
  }

  function rowsOf(table, values) {
    if (!Array.isArray(table?.raw)) return Array.from(table);
    const names = table[0].trim().split('|').map((name) => name.trim());
    const rows = [];
    for (let i = 0; i < values.length; i += names.length) {
      rows.push(Object.fromEntries(names.map((name, column) => [name, values[i + column]])));
    }
    return rows;
  }

  const each = (add, mode) => (table, ...values) => (name, fn, timeout) => {
    rowsOf(table, values).forEach((row, index) => {
      const args = Array.isArray(row) ? row : [row];
      add(mode, title(name, row, index), () => fn(...args), timeout);
    });
  };

  function variants(add) {
    const make = (mode) => (name, fn, timeout) => add(mode, name, fn, timeout);
    const main = make('');
    for (const mode of ['only', 'skip']) {
      main[mode] = make(mode);
      main[mode].each = each(add, mode);
    }
    main.each = each(add, '');
    return main;
  }

  const test = variants(addTest);
  test.todo = (name) => addTest('todo', name);
  const describe = variants(addSuite);
  const hook = (kind) => (fn, timeout) => {
    if (typeof fn !== 'function') throw new TypeError(`${kind} needs a function`);
    host.hook(kind, body(fn), timeout);
  };
  const hooks = Object.fromEntries(['beforeAll', 'afterAll', 'beforeEach', 'afterEach'].map((kind) => [kind, hook(kind)]));

  // Plugins under test.

  const json = (text) => JSON.parse(text);
  // JSON has no word for undefined properties, so a misspelt value would vanish: say so.
  function fields(value, what) {
    if (value === undefined) return '{}';
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new TypeError(`${what} needs an object, such as { eventToken: "abc123" }, got ${show(value)}`);
    }
    return JSON.stringify(value, (key, v) => (v instanceof Date ? v.toISOString() : v));
  }

  // What a mock of fetch may return: a status, a text, an object for JSON, an Error, or { status, headers, body, json }.
  function answerOf(value) {
    if (value instanceof Error) return { failure: value.message };
    if (typeof value === 'number') return { status: value };
    if (typeof value === 'string') return { status: 200, body: value };
    if (value === undefined || value === null) return { status: 200 };
    const known = ['status', 'headers', 'body', 'json', 'error'];
    const described = value.status === undefined || typeof value.status === 'number'; // Adjust's own JSON has a status "OK"
    if (!described || Object.keys(value).some((key) => !known.includes(key))) {
      return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
    }
    if (value.error !== undefined) return { failure: String(value.error.message ?? value.error) };
    if (value.json !== undefined) {
      return { status: value.status ?? 200, headers: { 'content-type': 'application/json', ...value.headers }, body: JSON.stringify(value.json) };
    }
    return { status: value.status ?? 200, headers: value.headers, body: value.body === undefined ? '' : String(value.body) };
  }

  function mockOf(option) {
    if (typeof option === 'function') return option;
    const table = Object.entries(option).map(([pattern, value]) => {
      const [, method, url] = /^(?:([A-Z]+)\s+)?(.*)$/s.exec(pattern);
      const source = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
      return { method, url: new RegExp(`^${source}$`, 's'), value };
    });
    return (request) => {
      const row = table.find((r) => (r.method === undefined || r.method === request.method) && r.url.test(request.url));
      if (row === undefined) return new Error(`the test has no answer for ${request.method} ${request.url}; add it to the option fetch`);
      return typeof row.value === 'function' ? row.value(request) : row.value;
    };
  }

  const withJSON = (request) => Object.defineProperty(request, 'json', {
    get: () => (request.body === '' ? undefined : JSON.parse(request.body)), enumerable: false,
  });

  async function load(file, options = {}) {
    if (typeof file === 'object' && file !== null) return load(undefined, file);
    const place = host.here();
    const { fetch, ...rest } = options;
    let mock;
    if (fetch !== true) {
      const respond = mockOf(fetch ?? {});
      mock = async (text, answer) => {
        try {
          answer(JSON.stringify(answerOf(await respond(withJSON(json(text))))));
        } catch (error) {
          answer(JSON.stringify({ failure: String(error?.message ?? error) }));
        }
      };
    }
    return wrap(await host.load(place, file === undefined ? '' : String(file), fields(rest, 'the options of plugin.load'), mock));
  }

  function wrap(id) {
    const state = (name) => json(host.state(id, name));
    const feed = (kind) => async (response) => {
      const place = host.here();
      return json(await host.feed(place, id, kind, fields(response, kind)));
    };
    const p = {
      eventSuccess: feed('eventSuccess'),
      eventFailure: feed('eventFailure'),
      sessionSuccess: feed('sessionSuccess'),
      sessionFailure: feed('sessionFailure'),
      response: feed('response'),
      async advance(duration) {
        const place = host.here();
        return json(await host.advance(place, id, duration));
      },
      clear() { host.clear(id); },
      async close() { await host.close(id); },
    };
    for (const name of ['lines', 'tracked', 'errors', 'registered', 'name', 'version', 'localStorage']) {
      Object.defineProperty(p, name, { get: () => state(name), enumerable: true });
    }
    Object.defineProperty(p, 'fetches', { get: () => state('fetches').map(withJSON), enumerable: true });
    Object.defineProperty(p, 'text', { get: () => state('lines').map((line) => line.text).join('\n'), enumerable: true });
    Object.defineProperty(p, 'now', { get: () => new Date(state('now')), enumerable: true });
    return p;
  }

  const plugin = { load };
  return { test, it: test, xtest: test.skip, xit: test.skip, describe, xdescribe: describe.skip, expect, plugin, ...hooks };
})
