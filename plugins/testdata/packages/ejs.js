const ejs = require("ejs");
console.log(ejs.render("<% for (const u of users) { %><b><%= u %></b><% } -%>\n<%- raw %>", { users: ["a", "<b>"], raw: "<i>" }));
try {
  ejs.render("<%= nope.x %>", {});
} catch (error) {
  console.log(error.message);
}
ejs.render("<%= await x %>", { x: Promise.resolve(7) }, { async: true }).then(console.log);
