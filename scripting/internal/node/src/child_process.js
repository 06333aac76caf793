'use strict';
module.exports = require('./refuse.js')('child_process', 'scripts cannot see the machine: grant environment variables in the configuration file and read process.env', require('unenv/node/child_process').default);
