const he = require("he");
console.log(he.encode("foo © bar ≠ baz 𝌆 qux"), he.decode("&copy; &ne; &#x1D306; &amp"), he.escape("<a href='x'>"));
