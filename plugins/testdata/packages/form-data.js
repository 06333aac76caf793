const FormData = require("form-data");
const form = new FormData();
form.setBoundary?.("--------------------------1");
form.append("a", "1");
form.append("file", Buffer.from("content"), { filename: "x.txt", contentType: "text/plain" });
console.log(form.getHeaders()["content-type"].replace(/boundary=.*/, "boundary"), form.hasKnownLength(), form.getLengthSync());
console.log(JSON.stringify(form.getBuffer().toString().replaceAll(form.getBoundary(), "B")));
const http = require("http");
const url = new URL(process.env.SERVER);
form.submit({ host: url.hostname, port: url.port, path: "/echo" }, (error, response) => {
  let text = "";
  response.on("data", (chunk) => (text += chunk)).on("end", () => {
    const echo = JSON.parse(text);
    console.log(response.statusCode, echo.method, JSON.stringify(echo.body.replaceAll(form.getBoundary(), "B")));
  });
});
