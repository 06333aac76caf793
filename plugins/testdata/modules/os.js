const os = require("os");
console.log(JSON.stringify(os.EOL), os.endianness(), typeof os.platform(), typeof os.hostname(), os.constants.signals.SIGTERM, os.devNull, Array.isArray(os.cpus()));
