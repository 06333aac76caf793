const fetch = require("node-fetch");
(async () => {
  const url = process.env.SERVER;
  const answer = await fetch(`${url}/echo`, { method: "POST", body: "text", headers: { "X-Own": "1" } });
  const echo = await answer.json();
  console.log(answer.status, answer.ok, echo.method, echo.body, echo.headers["x-own"], echo.headers["content-type"], answer.headers.get("content-type"));
  console.log((await (await fetch(`${url}/redirect`)).text()), (await fetch(`${url}/status/404`)).statusText);
  console.log(await (await fetch(`${url}/gzip`)).text(), (await (await fetch(`${url}/json`)).buffer()).length);
  await fetch("ftp://x").catch((error) => console.log(error.name, error.message));
  console.log(new fetch.Headers({ a: "1" }).raw());
})();
