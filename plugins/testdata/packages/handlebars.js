const Handlebars = require("handlebars");
Handlebars.registerHelper("loud", (text) => text.toUpperCase());
console.log(Handlebars.compile("{{#each items}}{{@index}}:{{loud this}} {{/each}}{{#if ok}}yes{{else}}no{{/if}} {{html}}")({ items: ["a", "b"], ok: 0, html: "<b>" }));
