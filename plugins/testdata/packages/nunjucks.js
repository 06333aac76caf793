const nunjucks = require("nunjucks");
console.log(nunjucks.renderString("{% for x in items %}{{ loop.index }}{{ x | upper }}{% endfor %} {{ html }} {{ 'a,b'.split(',') | join('-') }}", { items: ["a", "b"], html: "<b>" }));
