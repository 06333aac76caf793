const Joi = require("joi");
const schema = Joi.object({ name: Joi.string().alphanum().min(3).required(), age: Joi.number().integer().default(5), mail: Joi.string().email(), at: Joi.date().iso() });
console.log(schema.validate({ name: "abc", age: "7" }), schema.validate({ name: "a!" }).error.message, schema.validate({ name: "abc", mail: "x" }).error.details[0].type);
console.log(schema.validate({ name: "abc", at: "2026-05-01" }).value.at.toISOString());
