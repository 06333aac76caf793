const web = require("stream/web");
console.log(Object.keys(web).filter((name) => /Stream$/.test(name) && typeof globalThis[name] === "function").every((name) => web[name] === globalThis[name]), web.ReadableStream === ReadableStream);
(async () => {
  const stream = new web.ReadableStream({ start(c) { c.enqueue("a"); c.enqueue("b"); c.close(); } }).pipeThrough(new web.TransformStream({ transform(chunk, c) { c.enqueue(chunk + chunk); } }));
  const out = []; for await (const chunk of stream) out.push(chunk);
  console.log(out);
})();
