const url = require("url");
const u = url.parse("http://user:pa@host.com:8080/p/a?q=1#h", true);
console.log(u.host, u.auth, u.pathname, u.query, u.hash, url.format(u), url.resolve("/one/two", "three"), url.format(new URL("http://a/b?c"), { search: false }));
console.log(url.URL === URL, url.fileURLToPath("file:///a/b%20c"), url.pathToFileURL("/a b").href, url.domainToASCII("español.com"), url.urlToHttpOptions(new URL("https://a:b@c:1/d?e")).path);
