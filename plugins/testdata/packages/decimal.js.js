const Decimal = require("decimal.js");
console.log(new Decimal("0.1").plus("0.2").toString(), Decimal.sqrt(2).toString(), new Decimal(1).div(3).toSignificantDigits(5).toString(), Decimal.exp(1).toFixed(10));
console.log(new Decimal("123.456").toHexadecimal(), Decimal.set({ precision: 50 }) === Decimal, Decimal.acos(-1).toString());
