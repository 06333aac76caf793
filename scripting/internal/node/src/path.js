// path: names of files, for those who only name them.
'use strict';
const path = require('path-browserify/index.js');
path.posix = path;
path.toNamespacedPath = (p) => p;
module.exports = path;
