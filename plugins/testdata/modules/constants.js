const constants = require("constants");
console.log(constants.EAGAIN, constants.SIGTERM, constants.O_RDONLY);
