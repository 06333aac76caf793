// in any order
const async = require("async");
async.mapLimit([3, 1, 2], 2, (n, done) => setTimeout(() => done(null, n * 2), n), (error, all) => console.log(error, all));
(async () => {
  console.log(await async.parallel({ a: (done) => done(null, 1), b: async () => 2 }));
  const queue = async.queue(async (n) => console.log("task", n), 1);
  queue.push([1, 2, 3]);
  await queue.drain();
  await async.retry({ times: 3, interval: 1 }, async () => { throw new Error("no"); }).catch((e) => console.log(e.message));
  console.log(await async.waterfall([async () => 1, async (n) => n + 1]));
})();
