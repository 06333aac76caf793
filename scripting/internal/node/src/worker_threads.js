'use strict';
module.exports = require('./refuse.js')('worker_threads', 'a plugin is one thread: put work into another plugin', require('unenv/node/worker_threads').default, { isMainThread: true, parentPort: null, workerData: null, threadId: 0 });
