const bcrypt = require("bcryptjs");
const hash = bcrypt.hashSync("secret", "$2a$04$abcdefghijklmnopqrstuu");
console.log(hash, bcrypt.compareSync("secret", hash), bcrypt.compareSync("other", hash), bcrypt.getRounds(hash));
bcrypt.genSalt(4).then((salt) => bcrypt.hash("x", salt)).then((made) => console.log(made.length, bcrypt.compareSync("x", made)));
