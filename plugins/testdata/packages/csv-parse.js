// in any order
const { parse } = require("csv-parse");
const { parse: parseSync } = require("csv-parse/sync");
console.log(parseSync('a,b\n1,"x, ""y"""\n2,z\n', { columns: true, cast: true }));
parse("a;b\n1;2", { delimiter: ";" }, (error, rows) => console.log(error, rows));
parse('a,"b', (error) => console.log(error.code, error.message));
const parser = parse({ columns: true });
parser.on("readable", () => { for (let row; (row = parser.read()) !== null;) console.log("row", row); });
parser.on("end", () => console.log("end"));
parser.write("k,v\n"); parser.write("1,2\n"); parser.end();
