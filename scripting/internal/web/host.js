// performance (High Resolution Time, W3C) and process, of which only env is here.
(function (native) {
'use strict';

class Performance {
    get timeOrigin() { return native.origin(); }
    now() { return native.now(); }
    toJSON() { return { timeOrigin: this.timeOrigin }; }
    get [Symbol.toStringTag]() { return 'Performance'; }
}

// Frozen: what was granted is what there is, for every module of the plugin.
const process = Object.freeze({ env: Object.freeze(native.env()) });

return { performance: new Performance(), process };
})
