// Segmenter. Go knows the rules.
(function (native, use) {
'use strict';

const { negotiate, option, optionsOf } = use('intl/option');

// Segmenter takes texts apart by the rules of Unicode (UAX 29), which are the same for all languages. Words that are written without
// blanks, as in Chinese or Thai, take a dictionary, and are cut at each character here.
class Segmenter {
    #o;
    constructor(locales, options) {
        const { tag } = negotiate(locales);
        const granularity = option(optionsOf(options), 'granularity', 'string', ['grapheme', 'word', 'sentence'], 'grapheme', 'Intl.Segmenter');
        this.#o = { locale: tag, granularity };
    }
    segment(input) {
        const text = `${input}`, { granularity } = this.#o;
        let ends;
        const at = (i, start) => {
            const segment = { segment: text.slice(start, ends[i]), index: start, input: text };
            if (granularity === 'word') segment.isWordLike = ends[i + 1];
            return segment;
        };
        const cut = () => { ends ??= native.segments(text, granularity); };
        return Object.create(segmentsPrototype, {
            [segmentsOf]: { value: {
                containing(index) {
                    index = Math.trunc(Number(index)) || 0;
                    if (index < 0 || index >= text.length) return undefined;
                    cut();
                    let low = 0, high = ends.length / 2 - 1;
                    while (low < high) {
                        const middle = (low + high) >> 1;
                        if (ends[2 * middle] > index) high = middle;
                        else low = middle + 1;
                    }
                    return at(2 * low, low === 0 ? 0 : ends[2 * low - 2]);
                },
                next(state) {
                    cut();
                    if (state.i >= ends.length) return { value: undefined, done: true };
                    const value = at(state.i, state.start);
                    state.start = ends[state.i];
                    state.i += 2;
                    return { value, done: false };
                },
            } },
        });
    }
    resolvedOptions() { return { ...this.#o }; }
}
const segmentsOf = Symbol('segments'), statesOf = new WeakMap();
const segmentsPrototype = {
    containing(index) { return this[segmentsOf].containing(index); },
    [Symbol.iterator]() {
        const iterator = Object.create(segmentIterator);
        statesOf.set(iterator, { i: 0, start: 0, of: this[segmentsOf] });
        return iterator;
    },
};
const segmentIterator = Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), {
    next: {
        value: { next() {
            const state = statesOf.get(this);
            if (state === undefined) throw new TypeError('next method called on incompatible receiver');
            return state.of.next(state);
        } }.next,
        writable: true, configurable: true,
    },
    [Symbol.toStringTag]: { value: 'Segmenter String Iterator', configurable: true },
});
for (const name of ['containing', Symbol.iterator]) Object.defineProperty(segmentsPrototype, name, { enumerable: false });

return { Segmenter };
})
