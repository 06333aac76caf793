// util: texts are those of console, brands are asked of goja.
'use strict';

const { inspectOf, format, kind } = native;

const custom = Symbol.for('nodejs.util.inspect.custom');
const promisified = Symbol.for('nodejs.util.promisify.custom');

function inspect(value, options, ...old) {
    if (typeof options === 'boolean' || old.length > 0) options = { showHidden: options ?? false, depth: old[0], colors: old[1] };
    return inspectOf(value, options);
}
inspect.custom = custom;
inspect.defaultOptions = { showHidden: false, depth: 2, colors: false, customInspect: true, showProxy: false, maxArrayLength: 100,
    maxStringLength: 10000, breakLength: 80, compact: 3, sorted: false, getters: false, numericSeparator: false };
const colors = { reset: [0, 0], bold: [1, 22], dim: [2, 22], italic: [3, 23], underline: [4, 24], blink: [5, 25], inverse: [7, 27],
    hidden: [8, 28], strikethrough: [9, 29], doubleunderline: [21, 24], black: [30, 39], red: [31, 39], green: [32, 39], yellow: [33, 39],
    blue: [34, 39], magenta: [35, 39], cyan: [36, 39], white: [37, 39], gray: [90, 39], grey: [90, 39], redBright: [91, 39],
    greenBright: [92, 39], yellowBright: [93, 39], blueBright: [94, 39], magentaBright: [95, 39], cyanBright: [96, 39], whiteBright: [97, 39],
    bgBlack: [40, 49], bgRed: [41, 49], bgGreen: [42, 49], bgYellow: [43, 49], bgBlue: [44, 49], bgMagenta: [45, 49], bgCyan: [46, 49],
    bgWhite: [47, 49] };
inspect.colors = Object.assign(Object.create(null), colors);
inspect.styles = Object.assign(Object.create(null), { special: 'cyan', number: 'yellow', bigint: 'yellow', boolean: 'yellow',
    undefined: 'grey', null: 'bold', string: 'green', symbol: 'green', date: 'magenta', regexp: 'red', module: 'underline' });

function received(v) {
    if (v === null || v === undefined) return ` Received ${v}`;
    if (typeof v === 'function') return ` Received function ${v.name}`;
    if (typeof v === 'object') return v.constructor?.name ? ` Received an instance of ${v.constructor.name}` : ` Received ${inspect(v, { depth: -1 })}`;
    return ` Received type ${typeof v} (${inspect(v)})`;
}

function need(name, wanted, v) {
    if (typeof v === wanted) return;
    const error = new TypeError(`The "${name}" argument must be of type ${wanted}.${received(v)}`);
    throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

function promisify(original) {
    need('original', 'function', original);
    if (original[promisified]) {
        const fn = original[promisified];
        need('util.promisify.custom', 'function', fn);
        return Object.defineProperty(fn, promisified, { value: fn, enumerable: false, writable: false, configurable: true });
    }
    if (original === globalThis.setTimeout) return require('timers/promises').setTimeout;
    if (original === globalThis.setImmediate) return require('timers/promises').setImmediate;
    function fn(...args) {
        return new Promise((resolve, reject) => {
            Reflect.apply(original, this, [...args, (error, ...values) => (error ? reject(error) : resolve(values[0]))]);
        });
    }
    Object.setPrototypeOf(fn, Object.getPrototypeOf(original));
    Object.defineProperty(fn, promisified, { value: fn, enumerable: false, writable: false, configurable: true });
    return Object.defineProperties(fn, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = promisified;

function callbackify(original) {
    need('original', 'function', original);
    function callbackified(...args) {
        const done = args.pop();
        need('last argument', 'function', done);
        const { nextTick } = require('process');
        Reflect.apply(original, this, args).then((value) => nextTick(done.bind(this, null, value)), (reason) => {
            if (!reason) {
                reason = Object.assign(new Error('Promise was rejected with falsy value'), { reason, code: 'ERR_FALSY_VALUE_REJECTION' });
            }
            nextTick(done.bind(this, reason));
        });
    }
    const descriptors = Object.getOwnPropertyDescriptors(original);
    if (typeof descriptors.length.value === 'number') descriptors.length.value++;
    if (typeof descriptors.name.value === 'string') descriptors.name.value += 'Callbackified';
    return Object.defineProperties(callbackified, descriptors);
}

const warned = new Set();

function deprecate(fn, message, code) {
    let said = false;
    function deprecated(...args) {
        if (!said) {
            said = true;
            if (code === undefined || !warned.has(code)) {
                warned.add(code);
                require('process').emitWarning(message, 'DeprecationWarning', code);
            }
        }
        return new.target ? Reflect.construct(fn, args, new.target) : Reflect.apply(fn, this, args);
    }
    Object.setPrototypeOf(deprecated, fn);
    if (fn.prototype) deprecated.prototype = fn.prototype;
    return deprecated;
}

function inherits(ctor, superCtor) {
    need('ctor', 'function', ctor);
    need('superCtor', 'function', superCtor);
    if (superCtor.prototype === undefined) need('superCtor.prototype', 'object', superCtor.prototype);
    Object.defineProperty(ctor, 'super_', { value: superCtor, writable: true, configurable: true });
    Object.setPrototypeOf(ctor.prototype, superCtor.prototype);
}

function debuglog(set) {
    const names = String(require('process').env.NODE_DEBUG ?? '').toLowerCase().split(/[\s,]+/);
    const enabled = names.includes(set.toLowerCase());
    const log = (...args) => { if (enabled) console.error(`${set.toUpperCase()} 1: ${format(...args)}`); };
    return Object.defineProperty(log, 'enabled', { get: () => enabled, configurable: true, enumerable: true });
}

// styleText leaves texts as they are where they are not shown by a terminal, which is everywhere here.
function styleText(style, text, { validateStream = true } = {}) {
    let before = '', after = '';
    for (const name of [].concat(style)) {
        const codes = inspect.colors[name];
        if (codes === undefined) throw Object.assign(new TypeError(`The argument 'format' must be one of: ${Object.keys(colors).map((c) => `'${c}'`).join(', ')}.${received(name)}`), { code: 'ERR_INVALID_ARG_VALUE' });
        before += `\u001b[${codes[0]}m`;
        after = `\u001b[${codes[1]}m` + after;
    }
    return validateStream ? `${text}` : before + text + after;
}

// What goja calls a value, or what its tag says where goja has one name for several.
const is = (...names) => (v) => typeof v === 'object' && v !== null && names.includes(kind(v));
const arrays = ['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'Float32Array',
    'Float64Array', 'BigInt64Array', 'BigUint64Array'];
const tag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
const typed = (name) => (v) => ArrayBuffer.isView(v) && tag.call(v) === name;
const boxes = ['Number', 'String', 'Boolean', 'Symbol', 'BigInt'];
const tagged = (type, name) => (v) => typeof v === type && v !== null && kind(v) !== 'Proxy' && Object.prototype.toString.call(v) === `[object ${name}]`;
const collection = (Class, name) => {
    const { get, value } = Object.getOwnPropertyDescriptor(Class.prototype, name);
    return (v) => {
        try {
            (get ?? value).call(v, v);
            return true;
        } catch {
            return false;
        }
    };
};
const types = {
    isExternal: () => false, isModuleNamespaceObject: () => false, isSharedArrayBuffer: () => false,
    isDate: is('Date'), isRegExp: is('RegExp'), isMap: collection(Map, 'size'), isSet: collection(Set, 'size'), isWeakMap: collection(WeakMap, 'has'), isWeakSet: collection(WeakSet, 'has'),
    isPromise: is('Promise'), isProxy: (v) => v !== null && (typeof v === 'object' || typeof v === 'function') && kind(v) === 'Proxy',
    isArrayBuffer: is('ArrayBuffer'), isAnyArrayBuffer: is('ArrayBuffer'), isDataView: (v) => ArrayBuffer.isView(v) && tag.call(v) === undefined,
    isArrayBufferView: ArrayBuffer.isView, isTypedArray: (v) => ArrayBuffer.isView(v) && tag.call(v) !== undefined,
    isNativeError: is('Error'), isArgumentsObject: is('Arguments'), isGeneratorObject: tagged('object', 'Generator'),
    isMapIterator: tagged('object', 'Map Iterator'), isSetIterator: tagged('object', 'Set Iterator'),
    isAsyncFunction: tagged('function', 'AsyncFunction'), isGeneratorFunction: tagged('function', 'GeneratorFunction'),
    isKeyObject: (v) => v instanceof require('crypto').KeyObject, isCryptoKey: (v) => v instanceof globalThis.CryptoKey,
};
for (const name of arrays) types[`is${name}`] = typed(name);
for (const name of boxes) types[`is${name}Object`] = is(name);
// goja has no name of its own for these.
const boxed = (Class) => (v) => {
    try {
        return typeof v === 'object' && Class.prototype.valueOf.call(v) !== v;
    } catch {
        return false;
    }
};
types.isSymbolObject = boxed(Symbol);
types.isBigIntObject = boxed(BigInt);
types.isBoxedPrimitive = (v) => boxes.some((name) => types[`is${name}Object`](v));

function aborted(signal) {
    return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
}

module.exports = {
    inspect, format: (...args) => format(...args), formatWithOptions: (options, ...args) => format(...args), promisify, callbackify, deprecate, inherits,
    debuglog, debug: debuglog, styleText, types, aborted,
    isDeepStrictEqual: (a, b) => require('assert/build/internal/util/comparisons.js').isDeepStrictEqual(a, b),
    stripVTControlCharacters: (text) => {
        need('str', 'string', text);
        return text.replace(/[\u001B\u009B][[\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\d\/#&.:=?%@~_]+)*|[a-zA-Z\d]+(?:;[-a-zA-Z\d\/#&.:=?%@~_]*)*)?(?:\u0007|\u001B\u005C|\u009C))|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-ntqry=><~]))/g, '');
    },
    toUSVString: (text) => `${text}`.toWellFormed(),
    getSystemErrorName: (n) => ({ '-2': 'ENOENT', '-13': 'EACCES', '-111': 'ECONNREFUSED', '-104': 'ECONNRESET', '-110': 'ETIMEDOUT' })[n],
    log: (...args) => console.log('%s - %s', new Date().toString().slice(4, 24), format(...args)),
    _extend: (target, source) => (source === null || typeof source !== 'object' ? target : Object.assign(target, source)),
    get TextEncoder() { return globalThis.TextEncoder; },
    get TextDecoder() { return globalThis.TextDecoder; },
    isArray: Array.isArray, isBoolean: (v) => typeof v === 'boolean', isNull: (v) => v === null, isNullOrUndefined: (v) => v === null || v === undefined,
    isNumber: (v) => typeof v === 'number', isString: (v) => typeof v === 'string', isSymbol: (v) => typeof v === 'symbol',
    isUndefined: (v) => v === undefined, isRegExp: types.isRegExp, isObject: (v) => v !== null && typeof v === 'object', isDate: types.isDate,
    isError: (v) => types.isNativeError(v) || v instanceof Error, isFunction: (v) => typeof v === 'function',
    isBuffer: (v) => globalThis.Buffer.isBuffer(v), isPrimitive: (v) => v === null || (typeof v !== 'object' && typeof v !== 'function'),
};
Object.defineProperty(module.exports, 'received', { value: received }); // for other modules
