const { AsyncLocalStorage, AsyncResource } = require("async_hooks");
const store = new AsyncLocalStorage();
console.log(store.run({ a: 1 }, () => store.getStore()), store.getStore(), store.exit(() => store.getStore()));
class R extends AsyncResource {}
console.log(new R("x").runInAsyncScope((a) => a + 1, null, 1));
