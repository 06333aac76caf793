package surface

const surfaceWebEvents = `
interface EventInit {
  /** Whether it rises through a tree. There is none here. */
  bubbles?: boolean;
  /** Whether preventDefault has an effect. */
  cancelable?: boolean;
  /** Whether it leaves a shadow tree. There is none here. */
  composed?: boolean;
}
/** Something that happened. */
declare class Event {
  constructor(type: string, init?: EventInit);
  static readonly NONE: 0;
  static readonly CAPTURING_PHASE: 1;
  static readonly AT_TARGET: 2;
  static readonly BUBBLING_PHASE: 3;
  readonly NONE: 0;
  readonly CAPTURING_PHASE: 1;
  readonly AT_TARGET: 2;
  readonly BUBBLING_PHASE: 3;
  /** What happened, such as "abort". */
  readonly type: string;
  /** What it happened to. */
  readonly target: EventTarget | null;
  /** @deprecated The old name of target. */
  readonly srcElement: EventTarget | null;
  /** Whose listeners run now. */
  readonly currentTarget: EventTarget | null;
  /** AT_TARGET while listeners run. */
  readonly eventPhase: number;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  /** Whether preventDefault was called, and had an effect. */
  readonly defaultPrevented: boolean;
  /** @deprecated The opposite of defaultPrevented. */
  readonly returnValue: boolean;
  /** Whether the host has made it. */
  readonly isTrusted: boolean;
  /** When it was made, as performance.now() tells. */
  readonly timeStamp: number;
  /** The targets that it passes. */
  composedPath(): EventTarget[];
  /** Tells whoever dispatched it not to go on. */
  preventDefault(): void;
  /** Does nothing: there is no tree. */
  stopPropagation(): void;
  /** Runs no further listener. */
  stopImmediatePropagation(): void;
}
/** An event with something of your own. */
declare class CustomEvent<T = any> extends Event {
  constructor(type: string, init?: EventInit & { detail?: T });
  /** What came with it. */
  readonly detail: T;
}
type EventListenerOrObject = ((event: any) => void) | { handleEvent(event: any): void };
/** What events happen to. */
declare class EventTarget {
  constructor();
  /** Calls back when something of a type happens. */
  addEventListener(type: string, listener: EventListenerOrObject | null, options?: boolean | { capture?: boolean; once?: boolean; passive?: boolean; signal?: AbortSignal }): void;
  /** Takes a listener back. */
  removeEventListener(type: string, listener: EventListenerOrObject | null, options?: boolean | { capture?: boolean }): void;
  /** Calls the listeners of an event; false: one of them has called preventDefault. */
  dispatchEvent(event: Event): boolean;
}
/** Tells a fetch, or whatever else takes one, to give up. */
declare class AbortSignal extends EventTarget {
  private constructor();
  /** Returns a signal that is aborted. */
  static abort(reason?: any): AbortSignal;
  /** Returns a signal that aborts with a TimeoutError when the time is over. */
  static timeout(milliseconds: number): AbortSignal;
  /** Returns a signal that aborts with the first of others. */
  static any(signals: Iterable<AbortSignal>): AbortSignal;
  /** Whether it has aborted. */
  readonly aborted: boolean;
  /** Why; an AbortError where nobody said. */
  readonly reason: any;
  /** Called when it aborts. */
  onabort: ((event: Event) => void) | null;
  /** Throws the reason if it has aborted. */
  throwIfAborted(): void;
}
/** Makes a signal and aborts it. */
declare class AbortController {
  constructor();
  /** The signal to hand on. */
  readonly signal: AbortSignal;
  /** Aborts the signal. */
  abort(reason?: any): void;
}
/** An error of the web platform, such as an AbortError. */
declare class DOMException extends Error {
  constructor(message?: string, name?: string | { name?: string; cause?: any });
  /** Which error it is, such as "TimeoutError". */
  readonly name: string;
  /** The error in words. */
  readonly message: string;
  /** @deprecated The error as a number; 0 for those that have none. */
  readonly code: number;
DOM_EXCEPTION_CODES}
`

const surfaceWebFetch = `
/** The headers of a request or an answer. Names are in lower case. */
declare class Headers {
  constructor(init?: HeadersInit);
  /** Adds a value. */
  append(name: string, value: string): void;
  /** Removes a header. */
  delete(name: string): void;
  /** Returns the values of a header, joined by ", ", or null. */
  get(name: string): string | null;
  /** Returns the values of Set-Cookie. */
  getSetCookie(): string[];
  /** Tells whether there is a header. */
  has(name: string): boolean;
  /** Replaces the values of a header by one. */
  set(name: string, value: string): void;
  /** Calls back for each header. */
  forEach(callback: (value: string, name: string, headers: Headers) => void, thisArg?: any): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  entries(): IterableIterator<[string, string]>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
type HeadersInit = Headers | Record<string, string> | Iterable<readonly [string, string]>;
type BodyInit = string | ArrayBuffer | ArrayBufferView | URLSearchParams | Blob | FormData | ReadableStream<Uint8Array>;
interface Body {
  /** The body as a stream of bytes, whose parts come as they arrive; null when there is none. */
  readonly body: ReadableStream<Uint8Array> | null;
  /** Whether the body was read. It can be read once. */
  readonly bodyUsed: boolean;
  /** Reads the body as text in UTF-8. */
  text(): Promise<string>;
  /** Reads the body as JSON. */
  json(): Promise<any>;
  /** Reads the body as bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** Reads the body as bytes. */
  bytes(): Promise<Uint8Array>;
  /** Reads the body as a Blob of its Content-Type. */
  blob(): Promise<Blob>;
  /** Reads the body as a form: multipart/form-data, or the parameters of a URL. */
  formData(): Promise<FormData>;
}
interface RequestInit {
  /** GET, POST, PUT ... Default "GET". */
  method?: string;
  headers?: HeadersInit;
  /** At most 8 MiB. */
  body?: BodyInit | null;
  /** What to do about a redirect: follow it, at most 20 of them, fail, or return it. Default "follow". */
  redirect?: "follow" | "error" | "manual";
  /** Gives the request up. AbortSignal.timeout(2000) is a time limit. */
  signal?: AbortSignal | null;
  /** Kept, and without effect: a host has no origin. */
  mode?: "same-origin" | "no-cors" | "cors";
  /** Kept, and without effect: a host has no cookies. Set the header Cookie. */
  credentials?: "omit" | "same-origin" | "include";
  /** Kept, and without effect: a host has no cache. */
  cache?: "default" | "no-store" | "reload" | "no-cache" | "force-cache" | "only-if-cached";
  /** Kept, and without effect: set the header Referer. */
  referrerPolicy?: string;
  /** Kept, and without effect. */
  integrity?: string;
  /** Kept, and without effect. */
  keepalive?: boolean;
  /** Needed for a body that is a stream, which is read before the request is sent. */
  duplex?: "half";
}
/** What fetch sends. */
declare class Request {
  constructor(input: string | URL | Request, init?: RequestInit);
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly redirect: "follow" | "error" | "manual";
  readonly signal: AbortSignal;
  readonly mode: string;
  readonly credentials: string;
  readonly cache: string;
  readonly integrity: string;
  readonly keepalive: boolean;
  readonly referrer: string;
  readonly referrerPolicy: string;
  readonly destination: string;
  readonly duplex: "half";
  /** Returns a copy, whose body can be read too. */
  clone(): Request;
}
interface Request extends Body {}
interface ResponseInit {
  /** Default 200. */
  status?: number;
  statusText?: string;
  headers?: HeadersInit;
}
/** What fetch returns: the status and the headers; the body comes when it is asked for. */
declare class Response {
  constructor(body?: BodyInit | null, init?: ResponseInit);
  /** Returns what a failed fetch is: status 0. */
  static error(): Response;
  /** Returns an answer whose body is JSON. */
  static json(data: any, init?: ResponseInit): Response;
  /** Returns a redirect. */
  static redirect(url: string | URL, status?: number): Response;
  /** Whether the status is from 200 to 299. fetch does not fail for others. */
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** Where it came from, after redirects. */
  readonly url: string;
  readonly redirected: boolean;
  readonly type: string;
  /** Returns a copy, whose body can be read too. */
  clone(): Response;
}
interface Response extends Body {}
/** Sends a request to a public address, or to one that the configuration file grants to this plugin. A data: URL answers itself. */
declare function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
`

const surfaceWebURL = `
/** The parameters of a query. */
declare class URLSearchParams {
  constructor(init?: string | Record<string, string> | Iterable<readonly [string, string]> | null);
  /** How many there are. */
  readonly size: number;
  /** Adds a value. */
  append(name: string, value: string): void;
  /** Removes a parameter, or one value of it. */
  delete(name: string, value?: string): void;
  /** Returns the first value of a parameter, or null. */
  get(name: string): string | null;
  /** Returns the values of a parameter. */
  getAll(name: string): string[];
  /** Tells whether there is a parameter, or one value of it. */
  has(name: string, value?: string): boolean;
  /** Replaces the values of a parameter by one. */
  set(name: string, value: string): void;
  /** Sorts by name. */
  sort(): void;
  /** Returns the query, without the question mark. */
  toString(): string;
  /** Calls back for each value. */
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void, thisArg?: any): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  entries(): IterableIterator<[string, string]>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
/** A URL in its parts. It is parsed as browsers do. */
declare class URL {
  /** Parses a URL. It throws a TypeError when it is not valid. */
  constructor(url: string | URL, base?: string | URL);
  /** Tells whether a URL is valid. */
  static canParse(url: string | URL, base?: string | URL): boolean;
  /** Returns a blob: URL that fetch gets the blob by, until it is revoked or the plugin's version ends. */
  static createObjectURL(blob: Blob): string;
  /** Lets a blob: URL go. */
  static revokeObjectURL(url: string): void;
  /** Parses a URL; null when it is not valid. */
  static parse(url: string | URL, base?: string | URL): URL | null;
  /** All of it. */
  href: string;
  /** Such as "https:". */
  protocol: string;
  username: string;
  password: string;
  /** The name and the port. */
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  /** The query with its question mark, or "". */
  search: string;
  /** The fragment with its #, or "". */
  hash: string;
  readonly origin: string;
  readonly searchParams: URLSearchParams;
  toString(): string;
  toJSON(): string;
}
`
