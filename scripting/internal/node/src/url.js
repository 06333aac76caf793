// url: unenv's, whose functions of the old kind print a warning that Node does not.
'use strict';

const unenv = require('unenv/node/url').default;
const { Url } = unenv;

function parse(url, query, slashes) {
    if (url instanceof Url) return url;
    const parsed = new Url();
    parsed.parse(url, query, slashes);
    return parsed;
}

module.exports = {
    ...unenv, parse, resolve: (from, to) => parse(from, false, true).resolve(to),
    resolveObject: (from, to) => (from ? parse(from, false, true).resolveObject(to) : to),
    format: (url, options) => unenv.format(typeof url === 'string' ? parse(url) : url, options),
};
