const { Map, List, fromJS, Record, is } = require("immutable");
const m = fromJS({ a: { b: [1, 2] } });
console.log(m.setIn(["a", "b", 0], 9).toJS(), m.getIn(["a", "b"]).size, is(Map({ x: 1 }), Map({ x: 1 })));
console.log(String(List([3, 1, 2]).sort()), new (Record({ p: 1 }, "P"))({ p: 2 }).toString());
