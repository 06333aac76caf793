package bundle

import "strings"

// MentionsGaps tells whether a script may use what LanguageGaps defines. It errs on the side of yes.
func MentionsGaps(text string) bool {
	for _, word := range []string{
		"groupBy", "withResolvers", "isWellFormed", "toWellFormed", "asyncIterator", "dispose", "asyncDispose", "metadata",
		"eval", "Function", "getOwnPropertyNames", "getBuiltinModule", "captureStackTrace", "stackTraceLimit",
	} {
		if hasWord(text, word) {
			return true
		}
	}
	return strings.Contains(text, `\u`) || strings.Contains(text, ".try") || strings.Contains(text, `"try`) || strings.Contains(text, `'try`)
}

// MentionsLocales tells whether a script may call toLocaleString, localeCompare and the like. It errs on the side of yes.
func MentionsLocales(text string) bool {
	return strings.Contains(text, "ocale") || hasWord(text, "eval") || hasWord(text, "Function") || strings.Contains(text, `\u`)
}

// MentionsDates tells whether a script may make dates. It errs on the side of yes.
func MentionsDates(text string) bool {
	return hasWord(text, "Date") || hasWord(text, "eval") || hasWord(text, "Function") || strings.Contains(text, `\u`)
}

// MentionsLocks tells whether a script may freeze objects, or do the like to them. It errs on the side of yes.
func MentionsLocks(text string) bool {
	for _, word := range []string{"freeze", "seal", "preventExtensions", "eval", "Function"} {
		if hasWord(text, word) {
			return true
		}
	}
	return strings.Contains(text, `\u`)
}

// LanguageGaps is a script that adds to a fresh machine what goja lacks of the standard library and what translated
// code, or common packages, need: the symbols of async iteration and of using declarations, and the small functions of
// ES2024 and ES2025. It defines only what is missing. Syntax is esbuild's part; see supported.
//
// What is not there, and cannot be added in script: WeakRef, FinalizationRegistry, Atomics and SharedArrayBuffer.
// Regular expressions are those of the room regex.
const LanguageGaps = `(function () {
  'use strict';
  const define = (owner, name, value) => {
    if (!(name in owner)) Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false });
  };
  for (const name of ['asyncIterator', 'dispose', 'asyncDispose', 'metadata']) {
    if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol('Symbol.' + name) });
  }
  const { captureStackTrace } = {
    captureStackTrace(object) {
      if (!(object instanceof Error)) Object.defineProperty(object, 'stack', { value: new Error().stack, writable: true, configurable: true });
    },
  };
  define(Error, 'captureStackTrace', captureStackTrace);
  define(Error, 'stackTraceLimit', 10);
  const group = (items, callback, add) => {
    if (items === null || items === undefined) throw new TypeError(items + ' is not iterable');
    if (typeof callback !== 'function') throw new TypeError(String(callback) + ' is not a function');
    let index = 0;
    for (const item of items) add(callback(item, index++), item);
  };
  const { groupBy, withResolvers, isWellFormed, toWellFormed } = {
    groupBy(items, callback) {
      const groups = Object.create(null);
      group(items, callback, (value, item) => {
        const key = typeof value === 'symbol' ? value : String(value);
        if (key in groups) groups[key].push(item);
        else groups[key] = [item];
      });
      return groups;
    },
    withResolvers() {
      let resolve, reject;
      const promise = new this((a, b) => { resolve = a; reject = b; });
      return { promise, resolve, reject };
    },
    isWellFormed() { return toWellFormed.call(this) === String(this); },
    toWellFormed() {
      if (this === null || this === undefined) throw new TypeError('String.prototype.toWellFormed called on null or undefined');
      const text = String(this);
      let out = '';
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i), next = text.charCodeAt(i + 1);
        if (unit < 0xd800 || unit > 0xdfff) out += text[i];
        else if (unit < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) out += text[i] + text[++i];
        else out += '\ufffd';
      }
      return out;
    },
  };
  define(Object, 'groupBy', groupBy);
  define(Map, 'groupBy', ({ groupBy(items, callback) {
    const groups = new Map();
    group(items, callback, (value, item) => {
      const key = value === 0 ? 0 : value;
      if (groups.has(key)) groups.get(key).push(item);
      else groups.set(key, [item]);
    });
    return groups;
  } }).groupBy);
  define(Promise, 'withResolvers', withResolvers);
  define(Promise, 'try', ({ try(callback, ...values) { return new this((resolve) => resolve(callback(...values))); } }).try);
  define(String.prototype, 'isWellFormed', isWellFormed);
  define(String.prototype, 'toWellFormed', toWellFormed);
})();`
