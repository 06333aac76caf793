'use strict';
module.exports = require('./refuse.js')('v8', 'this is another engine', require('unenv/node/v8').default);
