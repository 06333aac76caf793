const pLimit = require("p-limit");
const limit = (pLimit.default ?? pLimit)(2);
let running = 0, most = 0;
const task = async (n) => { most = Math.max(most, ++running); await new Promise((r) => setTimeout(r, 1)); running--; return n; };
Promise.all([1, 2, 3, 4].map((n) => limit(() => task(n)))).then((all) => console.log(all, most));
