const { match, P } = require("ts-pattern");
const f = (v) => match(v).with({ kind: "a", n: P.number }, ({ n }) => n + 1).with([P.string, P._], () => "list").otherwise(() => "other");
console.log(f({ kind: "a", n: 1 }), f(["x", 1]), f(null));
