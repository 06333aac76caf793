// What stands in for a module that cannot exist: all its names are there, so that packages that need it only for some of
// what they do can be loaded, and each throws when it is called.
'use strict';

module.exports = function refuse(module, advice, shape, kept = {}) {
    const out = {};
    for (const name of Object.keys(shape)) {
        if (name === 'default' || name === 'promises') continue;
        const value = shape[name];
        if (typeof value !== 'function') {
            out[name] = value;
            continue;
        }
        out[name] = function () {
            throw Object.assign(new Error(`${module}.${name} does not exist here: ${advice}`), { code: 'ERR_METHOD_NOT_IMPLEMENTED' });
        };
        Object.defineProperty(out[name], 'name', { value: name });
    }
    return Object.assign(out, kept);
};
