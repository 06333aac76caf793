const stringWidth = require("string-width");
console.log((stringWidth.default ?? stringWidth)("古"), (stringWidth.default ?? stringWidth)("\u001B[1mab\u001B[22m"), (stringWidth.default ?? stringWidth)("👨‍👩‍👧"));
