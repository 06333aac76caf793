const cheerio = require("cheerio");
const $ = cheerio.load('<ul id="fruits"><li class="apple">Apple</li><li class="orange">Orange &amp; co</li></ul>');
console.log($(".apple", "#fruits").text(), $("ul .orange").attr("class"), $("li").length, $("li").map((i, e) => $(e).text()).get());
$("ul").append("<li>Plum</li>").find("li").first().remove();
console.log($.html("ul"));
