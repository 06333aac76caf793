const ms = require("ms");
console.log(ms("2 days"), ms(60000), ms(2 * 3600000, { long: true }), ms("-1h"));
