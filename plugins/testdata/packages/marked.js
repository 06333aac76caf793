const { marked } = require("marked");
console.log(marked.parse("# Hi\n\n* a **b**\n* [l](http://x.y)\n\n`code` & <i>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"));
