'use strict';
module.exports = { ...require('unenv/node/punycode').default };
