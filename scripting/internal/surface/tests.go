package surface

// surfaceTests declares what files of tests find beside everything that plugins do: tester.js and expect.js make it. A
// test holds it to TestExports and to the matchers that there are.
const surfaceTests = `/** Of files of tests: makes a test. A promise that the function returns is awaited. The time limit is in milliseconds. */
declare var test: TestFunction;
/** Of files of tests: makes a test, as test does. */
declare var it: TestFunction;
/** Of files of tests: makes a test that is not run. */
declare var xtest: TestFunction["skip"];
/** Of files of tests: makes a test that is not run. */
declare var xit: TestFunction["skip"];
/** Of files of tests: puts the tests that the function makes under one name. */
declare var describe: DescribeFunction;
/** Of files of tests: the tests that the function makes are not run. */
declare var xdescribe: DescribeFunction["skip"];
/** Of files of tests: runs before the first test of the describe around it, or of the file. */
declare function beforeAll(fn: TestBody, timeout?: number): void;
/** Of files of tests: runs before each test. */
declare function beforeEach(fn: TestBody, timeout?: number): void;
/** Of files of tests: runs after each test. */
declare function afterEach(fn: TestBody, timeout?: number): void;
/** Of files of tests: runs after the last test. */
declare function afterAll(fn: TestBody, timeout?: number): void;
/** Of files of tests: says what a value has to be, as in Jest. */
declare var expect: Expect;
/** Of files of tests: loads plugins, in a time that stands still. */
declare var plugin: {
  /** Loads a plugin afresh, by its file relative to the test; without a file, the plugin that the test is named for. */
  load(file: string, options?: PluginOptions): Promise<PluginUnderTest>;
  load(options?: PluginOptions): Promise<PluginUnderTest>;
};

type TestDone = { (error?: any): void; fail(error?: any): void };
type TestBody = (() => any) | ((done: TestDone) => void);
interface TestEach {
  <T extends readonly any[] | readonly [any]>(rows: readonly T[]): (name: string, fn: (...row: T) => any, timeout?: number) => void;
  <T>(rows: readonly T[]): (name: string, fn: (row: T) => any, timeout?: number) => void;
  (table: TemplateStringsArray, ...values: any[]): (name: string, fn: (row: any) => any, timeout?: number) => void;
}
interface TestFunction {
  (name: string, fn: TestBody, timeout?: number): void;
  /** Runs the test for each row: %s and its like in the name are the row's values, $name the field of an object. */
  each: TestEach;
  /** Runs only this test, and others of only, of the file. */
  only: { (name: string, fn: TestBody, timeout?: number): void; each: TestEach };
  skip: { (name: string, fn: TestBody, timeout?: number): void; each: TestEach };
  /** Notes a test that is still to be written. */
  todo(name: string): void;
}
interface DescribeFunction {
  (name: string, fn: () => void): void;
  each: TestEach;
  only: { (name: string, fn: () => void): void; each: TestEach };
  skip: { (name: string, fn: () => void): void; each: TestEach };
}
interface Expect {
  (received: any): Expectation & { resolves: AsyncExpectation; rejects: AsyncExpectation };
  any(type: any): any;
  anything(): any;
  objectContaining(wanted: object): any;
  arrayContaining(wanted: readonly any[]): any;
  /** An array whose items are all equal to this. */
  arrayOf(wanted: any): any;
  stringContaining(wanted: string): any;
  stringMatching(wanted: string | RegExp): any;
  closeTo(wanted: number, digits?: number): any;
  /** The test must make so many expectations. */
  assertions(count: number): void;
  /** The test must make an expectation. */
  hasAssertions(): void;
  not: Pick<Expect, "objectContaining" | "arrayContaining" | "arrayOf" | "stringContaining" | "stringMatching" | "closeTo">;
}
interface Matchers<R> {
  toBe(expected: any): R;
  toEqual(expected: any): R;
  /** As toEqual, and tells undefined from missing, and classes apart. */
  toStrictEqual(expected: any): R;
  toMatchObject(expected: object): R;
  toMatch(expected: string | RegExp): R;
  toContain(expected: any): R;
  toContainEqual(expected: any): R;
  toHaveLength(length: number): R;
  toHaveProperty(path: string | readonly (string | number)[], value?: any): R;
  toThrow(expected?: any): R;
  toThrowError(expected?: any): R;
  toBeCloseTo(expected: number, digits?: number): R;
  toBeInstanceOf(expected: any): R;
  toBeGreaterThan(expected: number | bigint): R;
  toBeGreaterThanOrEqual(expected: number | bigint): R;
  toBeLessThan(expected: number | bigint): R;
  toBeLessThanOrEqual(expected: number | bigint): R;
  toBeTruthy(): R;
  toBeFalsy(): R;
  toBeNull(): R;
  toBeUndefined(): R;
  toBeDefined(): R;
  toBeNaN(): R;
}
interface Expectation extends Matchers<void> { not: Matchers<void> }
interface AsyncExpectation extends Matchers<Promise<void>> { not: Matchers<Promise<void>> }

interface PluginOptions {
  /** What appToken and environment are, and the app of the responses. */
  appToken?: string;
  environment?: AdjustEnvironment;
  /** More apps that the plugin may name. */
  apps?: { appToken: string; environment: AdjustEnvironment }[];
  /** The S2S parameters of the host's own device. */
  device?: Record<string, string>;
  /** What the time is: text such as "2026-05-01T12:00:00Z", a Date, or milliseconds. */
  now?: string | number | Date;
  /** The time limit of a run: milliseconds, or text such as "2s". */
  timeout?: string | number;
  /** What Math.random returns. */
  random?: number;
  /** Has Adjust.create send the session of a host that has just started. */
  firstStart?: boolean;
  /** What process.env holds. */
  env?: Record<string, string>;
  /** What an earlier run of the plugin has kept. */
  localStorage?: Record<string, string>;
  /** Answers requests, by patterns such as "POST https://hooks.example/*", or by a function; true: the real network. */
  fetch?: true | Record<string, FetchMock | ((request: PluginFetch) => FetchMock | Promise<FetchMock>)> | ((request: PluginFetch) => FetchMock | Promise<FetchMock>);
  /** With fetch: true, allow_hosts for this plugin: it reaches what both these and the configuration allow. */
  allowHosts?: string[];
}
/** A status, a text, an Error for no answer, { status, headers, body, json }, or any other object for JSON. */
type FetchMock = number | string | Error | null | undefined | { status?: number; headers?: Record<string, string>; body?: string; json?: any; error?: any } | object;
interface PluginFetch { method: string; url: string; headers: Record<string, string>; body: string; /** The body, parsed. */ readonly json: any }
interface PluginLine { level: "debug" | "info" | "warn" | "error"; text: string }
interface PluginTracked {
  kind: "session" | "event" | "ad_revenue" | "gdpr_forget_device" | "third_party_sharing";
  eventToken?: string;
  revenue?: number;
  currency?: string;
  callbackId?: string;
  callbackParams: Record<string, string>;
  partnerParams: Record<string, string>;
  /** All S2S parameters. */
  params: Record<string, string>;
  device: string;
  appToken: string;
  environment: AdjustEnvironment;
}
/** What a response says; what is left out is what the server would say. */
interface PluginAnswer {
  eventToken?: string;
  callbackId?: string;
  message?: string;
  timestamp?: string;
  adid?: string;
  willRetry?: boolean;
  /** An object, or the text of one; null: no JSON object. */
  jsonResponse?: object | string | null;
  rawBody?: string;
  id?: string;
  attempt?: number;
  status?: number;
  outcome?: "delivered" | "duplicate" | "retry" | "wait_for_device" | "blocked" | "unclear" | "rejected" | "expired";
  duplicate?: boolean;
  nextAttemptAt?: string | number | Date | null;
  revenue?: number;
  currency?: string;
  /** The S2S parameters that were sent. */
  params?: Record<string, string>;
  callbackParams?: Record<string, string>;
  partnerParams?: Record<string, string>;
  /** The device that it was sent for, such as "external_device_id=kiosk-17". */
  device?: string;
  appToken?: string;
  environment?: AdjustEnvironment;
  kind?: PluginTracked["kind"];
  repeat?: boolean;
  ambiguous?: boolean;
}
interface PluginDeeds {
  /** What the plugin printed. */
  readonly lines: PluginLine[];
  /** What it tracked. */
  readonly tracked: PluginTracked[];
  /** What it asked the network for. */
  readonly fetches: PluginFetch[];
  /** The errors that nobody caught. */
  readonly errors: any[];
}
/** A plugin under test. Its steps reject when the plugin throws, and resolve to what it did in that step. */
interface PluginUnderTest extends PluginDeeds {
  readonly name: string;
  readonly version: string;
  /** The callbacks that it listens to. */
  readonly registered: string[];
  /** The texts of all lines, one a line. */
  readonly text: string;
  /** What the time is. */
  readonly now: Date;
  /** What it keeps. */
  readonly localStorage: Record<string, string>;
  eventSuccess(answer?: PluginAnswer): Promise<PluginDeeds>;
  eventFailure(answer?: PluginAnswer): Promise<PluginDeeds>;
  sessionSuccess(answer?: PluginAnswer): Promise<PluginDeeds>;
  sessionFailure(answer?: PluginAnswer): Promise<PluginDeeds>;
  /** Hands over any response, by its outcome. */
  response(answer?: PluginAnswer): Promise<PluginDeeds>;
  /** Moves the time, by milliseconds or text such as "90s", "1h30m" or "2d", and runs the timers on the way. */
  advance(by: string | number): Promise<PluginDeeds>;
  /** Forgets what the plugin did so far, but not what it keeps. */
  clear(): void;
  close(): Promise<void>;
}

`
