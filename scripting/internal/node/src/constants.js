'use strict';
module.exports = { ...require('unenv/node/constants').default };
