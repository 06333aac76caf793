// fetch where nothing may leave this machine: the request is recorded, and somebody else answers it. Where the host has
// the classes of the Fetch standard, they are used; else an answer has what scripts commonly ask of one.
(function (send, bodyText, ownFetch) {
  'use strict';

  const pairs = (headers) => {
    const list = {};
    if (headers === undefined || headers === null) return list;
    if (typeof headers.forEach === 'function' && !Array.isArray(headers)) {
      headers.forEach((value, name) => { list[String(name).toLowerCase()] = String(value); });
    } else {
      for (const [name, value] of Array.isArray(headers) ? headers : Object.entries(headers)) {
        list[String(name).toLowerCase()] = String(value);
      }
    }
    return list;
  };

  class MockHeaders {
    constructor(list) { Object.defineProperty(this, 'list', { value: list }); }
    get(name) { return this.list[String(name).toLowerCase()] ?? null; }
    has(name) { return String(name).toLowerCase() in this.list; }
    forEach(f) { Object.keys(this.list).forEach((name) => f(this.list[name], name, this)); }
    entries() { return Object.entries(this.list)[Symbol.iterator](); }
    [Symbol.iterator]() { return this.entries(); }
  }

  class MockResponse {
    constructor(body, init) {
      this.status = init.status;
      this.ok = init.status >= 200 && init.status < 300;
      this.statusText = init.statusText;
      this.headers = new MockHeaders(init.headers);
      this.bodyUsed = false;
      Object.defineProperty(this, 'text', { value: async () => { this.bodyUsed = true; return body; } });
      Object.defineProperty(this, 'json', { value: async () => { this.bodyUsed = true; return JSON.parse(body); } });
    }
  }

  const answer = (url, status, headers, body) => {
    const init = { status, statusText: status === 200 ? 'OK' : '', headers: JSON.parse(headers) };
    const empty = status === 204 || status === 205 || status === 304;
    const response = typeof Response === 'function' ? new Response(empty ? null : body, init) : new MockResponse(body, init);
    Object.defineProperty(response, 'url', { value: url, configurable: true });
    return response;
  };

  // unread makes an answer of a body that has to be read first: that of a request, a form, a Blob or a stream.
  const unread = (request, given) => {
    if (typeof Response !== 'function') return undefined;
    if (given === undefined) return request?.body ? new Response(request.body) : undefined;
    const isOne = (name) => typeof globalThis[name] === 'function' && given instanceof globalThis[name];
    return typeof given === 'object' && ['FormData', 'Blob', 'ReadableStream'].some(isOne) ? new Response(given) : undefined;
  };

  return function fetch(input, init) {
    const failed = new TypeError(); // made here, so that its stack says where fetch was called
    return new Promise((resolve, reject) => {
      const isRequest = typeof input === 'object' && input !== null && typeof input.url === 'string';
      const url = isRequest ? input.url : String(input);
      const options = Object(init);
      const method = String(options.method ?? (isRequest ? input.method : undefined) ?? 'GET').toUpperCase();
      const headers = { ...(isRequest ? pairs(input.headers) : {}), ...pairs(options.headers) };
      const signal = options.signal ?? (isRequest ? input.signal : undefined);
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      signal?.addEventListener?.('abort', () => reject(signal.reason));
      const dispatch = (body) => send(method, url, JSON.stringify(headers), body, (status, answerHeaders, text, failure) => {
        if (failure) reject(Object.defineProperty(failed, 'message', { value: failure, writable: true, configurable: true }));
        else resolve(answer(url, status, answerHeaders, text));
      });
      const given = options.body ?? undefined;
      if (typeof Request === 'function') {
        // What the host's fetch does not take is not taken here. The body is looked at for its presence alone.
        new Request(url, { method, headers, body: given !== undefined || (isRequest && input.body) ? '' : undefined });
        if (/^data:/i.test(url.trim())) { // needs no network
          resolve(ownFetch()(input, init));
          return;
        }
      }
      const whole = unread(isRequest ? input : undefined, given);
      if (whole === undefined) {
        dispatch(given === undefined ? '' : bodyText(given));
        return;
      }
      const type = whole.headers.get('content-type');
      if (type !== null && headers['content-type'] === undefined) headers['content-type'] = type;
      whole.text().then(dispatch).catch(reject);
    });
  };
})
