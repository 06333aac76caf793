'use strict';
module.exports = require('./refuse.js')('inspector', 'there is no debugger', require('unenv/node/inspector').default);
