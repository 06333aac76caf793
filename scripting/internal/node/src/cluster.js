'use strict';
module.exports = require('./refuse.js')('cluster', 'scripts cannot see the machine: grant environment variables in the configuration file and read process.env', require('unenv/node/cluster').default, { isPrimary: true, isMaster: true, isWorker: false, workers: {} });
