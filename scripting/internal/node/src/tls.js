'use strict';
module.exports = require('./refuse.js')('tls', 'scripts have no sockets: use fetch, or http and https, which are made of it', require('unenv/node/tls').default);
