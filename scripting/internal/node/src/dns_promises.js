'use strict';
module.exports = require('./refuse.js')('dns/promises', 'scripts have no sockets: use fetch, or http and https, which are made of it', require('unenv/node/dns/promises').default);
