package surface

import (
	"fmt"
	"strings"
)

// surfaceWeb declares the web-standard part of the environment. It is ours, and not the library "dom" of TypeScript,
// because that would complete hundreds of names that no host has. Only what exists stands here: a test walks the
// globals of a runtime and compares, both ways.
func surfaceWeb() string {
	text := surfaceWebHost + surfaceWebStorage + surfaceWebEvents + surfaceWebFetch + surfaceWebBody + surfaceWebStreams + surfaceWebURL + surfaceWebBytes +
		surfaceWebCrypto + surfaceWebModules
	return strings.NewReplacer("DOM_EXCEPTION_CODES", domExceptionCodes(), "BUFFER_NUMBERS", bufferNumbers()).Replace(text)
}

// domExceptionCodes declares the constants of DOMException (Web IDL, 2.8.1), which stand on the class and its prototype.
func domExceptionCodes() string {
	var b strings.Builder
	for i, name := range []string{
		"INDEX_SIZE_ERR", "DOMSTRING_SIZE_ERR", "HIERARCHY_REQUEST_ERR", "WRONG_DOCUMENT_ERR", "INVALID_CHARACTER_ERR", "NO_DATA_ALLOWED_ERR",
		"NO_MODIFICATION_ALLOWED_ERR", "NOT_FOUND_ERR", "NOT_SUPPORTED_ERR", "INUSE_ATTRIBUTE_ERR", "INVALID_STATE_ERR", "SYNTAX_ERR",
		"INVALID_MODIFICATION_ERR", "NAMESPACE_ERR", "INVALID_ACCESS_ERR", "VALIDATION_ERR", "TYPE_MISMATCH_ERR", "SECURITY_ERR",
		"NETWORK_ERR", "ABORT_ERR", "URL_MISMATCH_ERR", "QUOTA_EXCEEDED_ERR", "TIMEOUT_ERR", "INVALID_NODE_TYPE_ERR", "DATA_CLONE_ERR",
	} {
		_, _ = fmt.Fprintf(&b, "  static readonly %[1]s: %[2]d;\n  readonly %[1]s: %[2]d;\n", name, i+1)
	}
	return b.String()
}

// bufferNumbers declares how a Buffer reads and writes numbers.
func bufferNumbers() string {
	var b strings.Builder
	write := func(name, value string) {
		_, _ = fmt.Fprintf(&b, "  read%[1]s(offset?: number): %[2]s;\n  write%[1]s(value: %[2]s, offset?: number): number;\n", name, value)
	}
	for _, name := range []string{"UInt8", "Uint8", "Int8"} {
		write(name, "number")
	}
	for _, order := range []string{"LE", "BE"} {
		for _, name := range []string{"UInt16", "Uint16", "Int16", "UInt32", "Uint32", "Int32", "Float", "Double"} {
			write(name+order, "number")
		}
		for _, name := range []string{"BigUInt64", "BigUint64", "BigInt64"} {
			write(name+order, "bigint")
		}
		for _, name := range []string{"UInt", "Uint", "Int"} {
			_, _ = fmt.Fprintf(&b, "  read%[1]s(offset: number, byteLength: number): number;\n  write%[1]s(value: number, offset: number, byteLength: number): number;\n", name+order)
		}
	}
	return b.String()
}

const surfaceWebHost = `/** The default app's token, from the host's configuration. */
declare var appToken: string;
/** The default app's environment, from the host's configuration. */
declare var environment: AdjustEnvironment;
/** All apps of the host's configuration, the default app first. A config for each of them hears all. */
declare var apps: { appToken: string; environment: AdjustEnvironment }[];
/** The global object. */
declare var self: typeof globalThis;

/** Prints lines to the host's log, at the level of the method's name. Objects are printed as in Node. */
declare var console: {
  /** Prints a line at level info. The first text may hold %s, %d, %i, %f, %j, %o, %O and %c. */
  log(...values: any[]): void;
  /** Prints a line at level info. */
  info(...values: any[]): void;
  /** Prints a line at level debug. */
  debug(...values: any[]): void;
  /** Prints a line at level warn. */
  warn(...values: any[]): void;
  /** Prints a line at level error. */
  error(...values: any[]): void;
  /** Prints a line at level info, with the place that it was called from. */
  trace(...values: any[]): void;
  /** Prints one value, as deep as depth says; null is all of it. */
  dir(value: any, options?: { depth?: number | null }): void;
  /** Prints values, as log does. */
  dirxml(...values: any[]): void;
  /** Prints a list or an object of rows as a table. */
  table(data: any, columns?: string[]): void;
  /** Prints an error when the condition does not hold. */
  assert(condition?: any, ...values: any[]): void;
  /** Does nothing: a log is not cleared. */
  clear(): void;
  /** Prints how often it was called with this label. */
  count(label?: string): void;
  /** Starts the count of a label again. */
  countReset(label?: string): void;
  /** Prints a line, and indents what follows. */
  group(...values: any[]): void;
  /** The same as group: a log is not folded. */
  groupCollapsed(...values: any[]): void;
  /** Ends the last group. */
  groupEnd(): void;
  /** Starts a stopwatch. */
  time(label?: string): void;
  /** Prints what a stopwatch shows. */
  timeLog(label?: string, ...values: any[]): void;
  /** Prints what a stopwatch shows, and ends it. */
  timeEnd(label?: string): void;
};

/** Calls back once, after some time. The timers of a version end with it. */
declare function setTimeout(callback: (...values: any[]) => void, milliseconds?: number, ...values: any[]): number;
/** Calls back again and again. */
declare function setInterval(callback: (...values: any[]) => void, milliseconds?: number, ...values: any[]): number;
/** Calls back when what runs now is done. */
declare function setImmediate(callback: (...values: any[]) => void, ...values: any[]): number;
/** Ends what setTimeout has started. */
declare function clearTimeout(timer?: number | string | null): void;
/** Ends what setInterval has started. */
declare function clearInterval(timer?: number | string | null): void;
/** Ends what setImmediate has started. */
declare function clearImmediate(timer?: number | string | null): void;
/** Calls back as a promise does: before anything else runs. */
declare function queueMicrotask(callback: () => void): void;
/** Makes a deep copy. Functions, promises and objects of the host cannot be copied. */
declare function structuredClone<T>(value: T, options?: { transfer?: ArrayBuffer[] }): T;

/** The process that scripts see: what was granted, and what packages that were written for Node ask for. */
declare var process: {
  /** The environment variables that the configuration file grants to this plugin. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls a function after the code that runs, in the order of promise jobs. */
  nextTick(callback: (...values: any[]) => void, ...values: any[]): void;
  /** Seconds and nanoseconds since the start, or since an earlier result. */
  hrtime: { (since?: [number, number]): [number, number]; bigint(): bigint };
  /** Seconds since the start. */
  uptime(): number;
  /** A module of Node, such as "events"; undefined where there is none of that name. */
  getBuiltinModule(name: string): any;
  /** Prints a warning. */
  emitWarning(warning: string | Error, type?: any, code?: string): void;
  /** Prints what is written to it. */
  stdout: { write(data: string | Uint8Array): boolean; [name: string]: any };
  /** Prints what is written to it, at level error. */
  stderr: { write(data: string | Uint8Array): boolean; [name: string]: any };
  /** Throws: a plugin lives as long as its host. */
  exit(code?: number): never;
  /** The same on every host: scripts see nothing of the machine. */
  platform: string;
  arch: string;
  title: string;
  version: string;
  versions: { node: string };
  release: { name: string };
  argv: string[];
  argv0: string;
  execArgv: string[];
  execPath: string;
  pid: number;
  ppid: number;
  exitCode: number | undefined;
  cwd(): string;
  memoryUsage(): { rss: number; heapTotal: number; heapUsed: number; external: number; arrayBuffers: number };
  /** Nothing happens to the process of a plugin: none of these listeners is called. */
  on(name: any, listener: any): any;
  once(name: any, listener: any): any;
  off(name: any, listener: any): any;
  addListener(name: any, listener: any): any;
  removeListener(name: any, listener: any): any;
  removeAllListeners(name?: any): any;
  prependListener(name: any, listener: any): any;
  prependOnceListener(name: any, listener: any): any;
  setMaxListeners(n: number): any;
  emit(name: any, ...values: any[]): boolean;
  listeners(name: any): any[];
  listenerCount(name: any): number;
  eventNames(): any[];
};
/** The time since the plugin's start, on a clock that never goes back. */
declare var performance: {
  /** When the clock started, in milliseconds since 1970. */
  readonly timeOrigin: number;
  /** The milliseconds since then. */
  now(): number;
  /** Returns an object for JSON. */
  toJSON(): any;
};

/** Only what the SDK's documentation uses: deviceready is told at once, and there are no elements. */
declare var document: {
  /** Calls back for deviceready, at once. Nothing else ever happens. */
  addEventListener(type: string, listener: ((event?: any) => void) | { handleEvent(event?: any): void }, options?: any): void;
  /** Does nothing. */
  removeEventListener(type: string, listener: any, options?: any): void;
  /** Returns an element that nothing ever happens to. */
  getElementById(id: string): any;
};
`

const surfaceWebStorage = `
/** Texts under names. */
declare class Storage {
  private constructor();
  /** How many there are. */
  readonly length: number;
  /** Returns the name at an index, or null. */
  key(index: number): string | null;
  /** Returns a text, or null. */
  getItem(key: string): string | null;
  /** Stores a text. It throws a QuotaExceededError when there is no room. */
  setItem(key: string, value: string): void;
  /** Removes a text. */
  removeItem(key: string): void;
  /** Removes all. */
  clear(): void;
  [name: string]: any;
}
/** Texts that outlive reloads and restarts. Each plugin has its own. */
declare var localStorage: Storage;
`

const surfaceWebModules = `
/** What a module gives to those who require it. */
interface NodeModule {
  /** What require returns. */
  exports: any;
  /** The module's path. */
  readonly id: string;
  /** The module's path. */
  readonly filename: string;
}
/** Loads a file, or a package of node_modules. The name has to be a literal. */
declare function require(name: string): any;
/** The module that this file is. */
declare var module: NodeModule;
/** The same as module.exports. */
declare var exports: any;
/** The path of this file. */
declare var __filename: string;
/** The path of the folder of this file. */
declare var __dirname: string;
`
