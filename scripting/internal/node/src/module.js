'use strict';

module.exports = require('./refuse.js')('module', 'import what you need by its name', require('unenv/node/module').default,
    { builtinModules: native.names(), isBuiltin: (name) => native.names().includes(`${name}`.replace(/^node:/, '')) });
