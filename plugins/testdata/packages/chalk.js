const chalk = require("chalk");
const on = new chalk.Instance({ level: 1 });
console.log(JSON.stringify(on.red("a") + on.bold.underline("b")), chalk.level, chalk.green("plain"));
