const { Command } = require("commander");
const program = new Command();
program.exitOverride().name("tool").option("-p, --port <n>", "the port", "80").argument("<file>").action((file, options) => console.log(file, options));
program.parse(["node", "tool", "-p", "90", "x.txt"]);
console.log(program.helpInformation());
try {
  program.configureOutput({ writeErr: (text) => console.log("err", text.trim()) }).parse(["node", "tool", "--nope"]);
} catch (error) {
  console.log(error.code);
}
