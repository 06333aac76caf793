'use strict';
module.exports = { ...require('unenv/node/url').default };
