// How objects of the web platform are printed, and compared by tests. Their members are getters, of which a printer knows
// nothing, so each says what there is to see, as the classes of Node do.
(function (native) {
'use strict';

// show(Class, read) has objects of the class printed as what read returns for them: a text, or an object whose members are
// shown under the name of the class.
function show(Class, read) {
    native.register(Class.prototype, function (depth, options, inspect) {
        if (depth < 0) return this; // beyond the depth, the name alone
        let seen;
        try {
            seen = read(this, (v) => inspect(v, options));
        } catch {
            return this; // it only inherits from the class
        }
        return typeof seen === 'string' ? seen : `${this.constructor?.name ?? Class.name} ${inspect(seen, { ...options, depth })}`;
    });
}

// members reads getters by their names.
const members = (...names) => (object) => {
    const seen = {};
    for (const name of names) seen[name] = object[name];
    return seen;
};

// compare(Class, alike) has two objects of the class compared by alike(a, b, same), where same compares what they hold. It
// returns whether they are equal, or a text: why that cannot be told, and what to do. Objects of classes without it are
// equal where they are printed alike.
const compare = (Class, alike) => native.compare(Class.prototype, alike);

const { sameBytes } = native; // of two Uint8Arrays

return { show, members, compare, sameBytes };
})
