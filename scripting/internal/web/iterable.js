// Iterators of lists of pairs, such as Headers (Web IDL, 3.7.10).
(function () {
'use strict';

const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

// iterable gives a class the methods entries, keys, values and Symbol.iterator. pairAt(object, index) returns the pair at an
// index as the list is at that moment, or undefined behind the last; check throws for an object that is none of the class.
function iterable(Class, name, check, pairAt) {
    class Iterator {
        #list; #kind;
        #next = 0;
        constructor(list, kind) {
            this.#list = list;
            this.#kind = kind;
        }
        next() {
            const pair = pairAt(this.#list, this.#next);
            if (pair === undefined) return { value: undefined, done: true };
            this.#next++;
            return { value: this.#kind === 2 ? [pair[0], pair[1]] : pair[this.#kind], done: false };
        }
    }
    delete Iterator.prototype.constructor;
    Object.setPrototypeOf(Iterator.prototype, iteratorPrototype);
    Object.defineProperty(Iterator.prototype, 'next', { __proto__: null, enumerable: true });
    Object.defineProperty(Iterator.prototype, Symbol.toStringTag, { __proto__: null, value: name + ' Iterator', configurable: true });
    const methods = {
        entries() {
            check(this);
            return new Iterator(this, 2);
        },
        keys() {
            check(this);
            return new Iterator(this, 0);
        },
        values() {
            check(this);
            return new Iterator(this, 1);
        },
    };
    for (const key of ['entries', 'keys', 'values']) {
        Object.defineProperty(Class.prototype, key, { __proto__: null, value: methods[key], writable: true, configurable: true });
    }
    Object.defineProperty(Class.prototype, Symbol.iterator, { __proto__: null, value: methods.entries, writable: true, configurable: true });
}

return { iterable };
})
