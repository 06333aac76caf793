const Ajv = require("ajv");
const ajv = new Ajv({ allErrors: true });
const validate = ajv.compile({
  type: "object", required: ["token"], additionalProperties: false,
  properties: { token: { type: "string", minLength: 6 }, revenue: { type: "number", minimum: 0 }, at: { type: "array", items: { type: "integer" } } },
});
console.log(validate({ token: "abc123", revenue: 1 }), validate.errors);
console.log(validate({ token: "a", revenue: -1, x: 1, at: [1.5] }), ajv.errorsText(validate.errors));
