const { request, Headers } = require("undici");
(async () => {
  const { statusCode, body } = await request(`${process.env.SERVER}/json`);
  console.log(statusCode, await body.json());
})();
