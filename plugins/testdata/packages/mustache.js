const Mustache = require("mustache");
console.log(Mustache.render("{{#items}}<{{name}}>{{/items}}{{^none}}none{{/none}} {{{raw}}} {{raw}}", { items: [{ name: "a" }, { name: "b" }], raw: "<b>" }));
