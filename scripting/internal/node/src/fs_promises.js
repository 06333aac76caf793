'use strict';
module.exports = require('./refuse.js')('fs/promises', 'scripts have no file system: keep state in localStorage, import data as JSON',
    require('unenv/node/fs/promises').default);
