const got = require("got");
(async () => {
  const url = process.env.SERVER;
  console.log(await got(`${url}/json`).json());
  const echo = await got.post(`${url}/echo`, { json: { a: 1 }, searchParams: { q: "x" }, responseType: "json" });
  console.log(echo.statusCode, echo.body.method, echo.body.url, echo.body.body, echo.body.headers["content-type"]);
  await got(`${url}/status/404`).catch((error) => console.log(error.name, error.message, error.response.statusCode));
  console.log(await got(`${url}/redirect`).json());
})();
