// os: what lines end with, and nothing about the machine, which is nobody's business here.
'use strict';

const constants = require('unenv/node/internal/os/constants');

module.exports = {
    EOL: '\n', devNull: '/dev/null',
    constants: { UV_UDP_REUSEADDR: constants.UV_UDP_REUSEADDR, dlopen: constants.dlopen, errno: constants.errno, signals: constants.signals, priority: constants.priority },
    arch: () => process.arch, platform: () => process.platform, type: () => 'Linux', machine: () => 'x86_64', release: () => '', version: () => '',
    endianness: () => 'LE', hostname: () => 'localhost', homedir: () => '/', tmpdir: () => '/tmp', uptime: () => process.uptime(),
    cpus: () => [], availableParallelism: () => 1, totalmem: () => 0, freemem: () => 0, loadavg: () => [0, 0, 0], networkInterfaces: () => ({}),
    getPriority: () => 0, setPriority() {},
    userInfo: () => ({ uid: -1, gid: -1, username: 'trackhook', homedir: '/', shell: null }),
};
