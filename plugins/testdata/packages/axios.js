const axios = require("axios");
(async () => {
  const url = process.env.SERVER;
  const answer = await axios.post(`${url}/echo?x=1`, { a: [1, 2] }, { headers: { "X-Own": "y" }, params: { b: "c d" } });
  console.log(answer.status, answer.data.method, answer.data.url, answer.data.body, answer.data.headers["x-own"], answer.data.headers["content-type"]);
  const client = axios.create({ baseURL: url, timeout: 5000 });
  client.interceptors.response.use((r) => ({ ...r, seen: true }));
  console.log((await client.get("/json")).data, (await client.get("/json")).seen);
  try {
    await client.get("/status/404");
  } catch (error) {
    console.log(axios.isAxiosError(error), error.message, error.code, error.response.status, error.response.data);
  }
  console.log((await client.get("/status/404", { validateStatus: () => true })).statusText);
  console.log((await client.get("/redirect")).data);
})();
