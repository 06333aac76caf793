'use strict';
module.exports = require('./refuse.js')('vm', 'scripts are read when they are loaded', require('unenv/node/vm').default);
