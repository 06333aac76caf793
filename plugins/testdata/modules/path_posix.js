const path = require("path/posix");
console.log(path === require("path").posix, path.sep, path.join("/a", "..", "b//c"), path.relative("/a/b", "/a/c"), path.parse("/x/y.tar.gz"), path.format({ dir: "/a", base: "b" }), path.normalize("./a/../b/"), path.isAbsolute("a"), path.extname(".x"));
