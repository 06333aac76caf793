// fs: there are no files. What is written to the standard output is printed.
'use strict';

const shape = require('unenv/node/fs').default;
const advice = 'scripts have no file system: keep state in localStorage, import data as JSON';
const refuse = require('./refuse.js');

const standard = (fd) => (fd === 1 ? process.stdout : fd === 2 ? process.stderr : null);
const fs = refuse('fs', advice, shape);
const { writeSync, write, fsync, fsyncSync } = fs;
fs.writeSync = (fd, data, ...rest) => {
    if (standard(fd) === null) return writeSync();
    standard(fd).write(data);
    return Buffer.byteLength(data);
};
fs.write = (fd, data, ...rest) => {
    if (standard(fd) === null) return write();
    standard(fd).write(data);
    const done = rest[rest.length - 1];
    if (typeof done === 'function') process.nextTick(done, null, Buffer.byteLength(data), data);
};
fs.fsyncSync = (fd) => { if (standard(fd) === null) fsyncSync(); };
fs.fsync = (fd, done) => (standard(fd) === null ? fsync() : process.nextTick(done, null));
Object.defineProperty(fs, 'promises', { get: () => require('fs/promises'), enumerable: true, configurable: true });
module.exports = fs;
