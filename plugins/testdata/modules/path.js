const path = require("path");
console.log(path.join("a", "..", "b", "./c.txt"), path.basename("/a/b.txt", ".txt"), path.extname("x.tar.gz"), path.dirname("/a/b/c"), path.normalize("/a//b/../c/"), path.isAbsolute("/a"));
console.log(path.relative("/a/b/c", "/a/d"), path.parse("/home/x/f.txt"), path.format({ dir: "/d", name: "n", ext: ".e" }), path.sep, path.delimiter, path.resolve("/a", "b"), path.posix.join("x", "y"), require("path/posix").sep);
