const math = require("mathjs");
console.log(math.evaluate("sqrt(3^2 + 4^2)"), math.evaluate("2 inch to cm").toString(), math.format(math.chain([1, 2, 3]).multiply(2).done()), math.derivative("x^2 + x", "x").toString());
console.log(math.det([[1, 2], [3, 4]]), math.fraction(1, 3).toString(), math.bignumber("0.1").plus("0.2").toString());
