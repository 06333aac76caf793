const { BigNumber } = require("bignumber.js");
console.log(new BigNumber("0.1").plus(0.2).toString(), BigNumber("1234567.891").toFormat(2), new BigNumber("ff", 16).toNumber(), BigNumber(2).sqrt().toFixed(20));
console.log(BigNumber.max(1, "2", new BigNumber(3)).toString());
