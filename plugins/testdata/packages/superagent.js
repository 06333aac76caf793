const request = require("superagent");
(async () => {
  const url = process.env.SERVER;
  const answer = await request.post(`${url}/echo`).send({ a: 1 }).set("X-Own", "1").query({ q: "x" });
  console.log(answer.status, answer.body.method, answer.body.url, answer.body.body, answer.body.headers["x-own"]);
  await request.get(`${url}/status/404`).catch((error) => console.log(error.status, error.message));
  console.log((await request.get(`${url}/redirect`)).body);
})();
