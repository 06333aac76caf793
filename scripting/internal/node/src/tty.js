'use strict';
module.exports = require('./refuse.js')('tty', 'scripts have no terminal: print with console', { ReadStream() {}, WriteStream() {} }, { isatty: () => false });
