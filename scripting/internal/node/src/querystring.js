'use strict';
module.exports = { ...require('unenv/node/querystring').default };
