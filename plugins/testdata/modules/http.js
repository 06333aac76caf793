// in any order
const http = require("http");
const url = process.env.SERVER;
const read = (response, done) => { const parts = []; response.on("data", (c) => parts.push(c)).on("end", () => done(Buffer.concat(parts).toString())); };
http.get(`${url}/json`, (response) => { read(response, (text) => console.log("get", response.statusCode, response.statusMessage, response.headers["content-type"], text, response.complete)); });
const request = http.request(new URL(`${url}/echo?a=1`), { method: "POST", headers: { "Content-Type": "text/plain", "X-List": ["a", "b"] } }, (response) => {
  read(response, (text) => { const { method, url, headers, body } = JSON.parse(text); console.log("post", method, url, headers["content-type"], body); });
});
request.write("one "); request.end("two");
console.log(request.getHeader("content-type"), request.method, request.path, request.protocol, typeof http.Agent, http.STATUS_CODES[404], http.METHODS.includes("GET"));
http.get(`${url}/redirect`, (response) => { response.resume(); console.log("redirect", response.statusCode, response.headers.location); });
http.get(`${url}/status/404`, (response) => { response.setEncoding("utf8"); response.on("data", (d) => console.log("404", d)); });
const aborted = http.get(`${url}/json`); aborted.on("error", (error) => console.log("aborted", error.code)); aborted.destroy();
const tried = (f) => { try { return f(); } catch (e) { return [e.name, e.code].join("|"); } };
console.log(tried(() => http.request("ftp://x")), tried(() => http.request({ path: "/a b" })), tried(() => http.request(url, { headers: { "a b": "c" } })), tried(() => http.request("nonsense")));
const controller = new AbortController();
http.get(`${url}/json`, { signal: controller.signal }).on("error", (error) => console.log("signal", error.name, error.code)); controller.abort();
(async () => { const [response] = await require("events").once(http.get(`${url}/json`), "response"); let text = ""; for await (const chunk of response) text += chunk; console.log("for await", text); })();
