const qs = require("querystring");
console.log(qs.parse("a=1&b=2&a=3&c=%20x&d"), qs.stringify({ a: [1, 2], b: "ä &", c: true, d: undefined }), qs.escape("a b&"), qs.unescape("%41"), qs.parse("a:1;b:2", ";", ":"));
