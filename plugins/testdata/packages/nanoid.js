const { nanoid, customAlphabet } = require("nanoid");
console.log(nanoid().length, nanoid(5).length, /^[ab]{9}$/.test(customAlphabet("ab", 9)()), nanoid() === nanoid());
