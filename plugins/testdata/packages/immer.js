const { produce, freeze, enableMapSet, current, isDraft } = require("immer");
enableMapSet();
const base = { list: [{ done: false }], map: new Map([["a", 1]]), set: new Set([1]) };
const next = produce(base, (draft) => {
  draft.list[0].done = true;
  draft.list.push({ done: false });
  draft.map.set("b", 2);
  console.log(isDraft(draft), current(draft).list.length);
});
console.log(base.list, next, Object.isFrozen(next), next.set === base.set);
try {
  "use strict";
  produce(next, (d) => { d.list.length = 0; return undefined; });
  next.list.push(1);
} catch (error) {
  console.log(error.name);
}
console.log(Object.isFrozen(freeze({ a: { b: 1 } }, true).a));
