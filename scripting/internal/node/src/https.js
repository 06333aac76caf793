'use strict';

const http = require('http');

class Agent extends http.Agent {
    constructor(options) {
        super(options);
        this.defaultPort = 443;
        this.protocol = 'https:';
    }
}
const globalAgent = new Agent({ keepAlive: true });

// withHTTPS puts the agent where options say nothing else.
function withHTTPS(url, options, done) {
    const defaults = { _defaultAgent: globalAgent };
    if (typeof url === 'string' || url instanceof URL) {
        if (typeof options === 'function') return [url, defaults, options];
        return [url, { ...defaults, ...options }, done];
    }
    return [{ ...defaults, ...url }, options];
}
const request = (...args) => new http.ClientRequest(...withHTTPS(...args));
const get = (...args) => {
    const r = request(...args);
    r.end();
    return r;
};
module.exports = { Agent, globalAgent, request, get, Server: http.Server, createServer: http.createServer };
