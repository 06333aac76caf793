'use strict';
module.exports = require('./refuse.js')('http2', 'scripts have no sockets: use fetch, or http and https, which are made of it', require('unenv/node/http2').default);
