'use strict';

const isIPv4 = (text) => /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((n) => n < 256 && String(+n) === n);
const isIPv6 = (text) => `${text}`.includes(':') && /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`);

module.exports = require('./refuse.js')('net', 'scripts have no sockets: use fetch, or http and https, which are made of it',
    require('unenv/node/net').default, { isIPv4, isIPv6, isIP: (text) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0) });
