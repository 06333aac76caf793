const https = require("https");
console.log(https.globalAgent.defaultPort, https.globalAgent.protocol, new https.Agent({ keepAlive: true }).options.keepAlive);
try { https.request("http://x"); } catch (error) { console.log(error.code, error.message); }
