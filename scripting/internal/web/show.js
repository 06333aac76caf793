// How objects of the web platform are printed. Their members are getters, of which a printer knows nothing, so each says
// what there is to see, as the classes of Node do.
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

return { show, members };
})
