const { LRUCache } = require("lru-cache");
const cache = new LRUCache({ max: 2, dispose: (v, k) => console.log("out", k, v) });
cache.set("a", 1).set("b", 2); cache.get("a"); cache.set("c", 3);
console.log([...cache.keys()], cache.size, cache.has("b"));
const timed = new LRUCache({ max: 5, ttl: 100000 });
timed.set("x", 1);
console.log(timed.get("x"), timed.getRemainingTTL("x") > 0);
