const yup = require("yup");
const schema = yup.object({ name: yup.string().required(), age: yup.number().positive().integer().default(3) });
schema.validate({ name: "x", age: "4" }).then(console.log);
schema.validate({ age: -1 }, { abortEarly: false }).catch((error) => console.log(error.name, error.errors));
