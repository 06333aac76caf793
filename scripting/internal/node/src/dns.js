// There are no sockets: fetch looks names up.
'use strict';

const dns = require('./refuse.js')('dns', 'scripts have no sockets: use fetch, or http and https, which are made of it', require('unenv/node/dns').default);
Object.defineProperty(dns, 'promises', { get: () => require('dns/promises'), enumerable: true, configurable: true });
module.exports = dns;
