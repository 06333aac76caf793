'use strict';
const f = () => {};
module.exports = require('./refuse.js')('readline', 'scripts have no terminal: print with console',
    { Interface: f, createInterface: f, clearLine: f, clearScreenDown: f, cursorTo: f, emitKeypressEvents: f, moveCursor: f });
