const Big = require("big.js");
console.log(new Big("0.1").plus("0.2").toString(), new Big(1).div(3).toFixed(5), Big("123.456").round(1).toString(), new Big(2).pow(64).toFixed());
console.log(JSON.stringify({ n: new Big("1e400") }), Big("9.99").times(3).cmp(29.97));
