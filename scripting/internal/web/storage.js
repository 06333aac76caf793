// Storage (HTML standard, 12.2.1). The object localStorage is Go: its properties are the items.
(function (native) {
'use strict';

class Storage {
    constructor() { throw new TypeError('Illegal constructor'); }
    get length() { return native.length(this); }
    key(index) { return native.key(this, need(arguments, 1, 'key'), index); }
    getItem(key) { return native.getItem(this, need(arguments, 1, 'getItem'), key); }
    setItem(key, value) { native.setItem(this, need(arguments, 2, 'setItem'), key, value); }
    removeItem(key) { native.removeItem(this, need(arguments, 1, 'removeItem'), key); }
    clear() { native.clear(this); }
    get [Symbol.toStringTag]() { return 'Storage'; }
}

function need(args, count, name) {
    if (args.length < count) {
        throw new TypeError(`Failed to execute '${name}' on 'Storage': ${count} argument${count > 1 ? 's' : ''} required, but only ${args.length} present.`);
    }
}

return { Storage, localStorage: native.create(Storage.prototype) };
})
