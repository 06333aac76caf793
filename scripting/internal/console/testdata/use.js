// What a script may do with a response. It is run with a view and with an ordinary object; both must print the same.
(function (e, key, log) {
  const j = e.jsonResponse;
  const walk = (v, f, depth) => {
    f(v);
    if (v !== null && typeof v === 'object' && depth < 6) for (const k of Object.keys(v)) walk(v[k], f, depth + 1);
  };
  const everything = (step) => {
    log(step, e);
    log(e.jsonResponse);
    log(JSON.stringify(e));
    log(Object.keys(e).join(), Object.getOwnPropertyNames(e).join(), Reflect.ownKeys(e).length);
    for (const k in e) log(k, k in e, Object.prototype.hasOwnProperty.call(e, k));
    log({...e}, Object.assign({}, e.jsonResponse), Object.entries(e.jsonResponse), Object.values(e.jsonResponse));
    log('%s %j %O', e.jsonResponse, e.jsonResponse, e.jsonResponse);
    log({nested: e, list: [e.jsonResponse]});
  };
  everything('fresh');
  let n = 0;
  walk(j, (v) => {
    if (v === null || typeof v !== 'object') { log(typeof v, v, String(v)); return; }
    log(Array.isArray(v), Object.prototype.toString.call(v), Object.keys(v), v.length, key in v, v[key]);
    log(JSON.stringify(Object.getOwnPropertyDescriptor(v, Object.keys(v)[0])));
    n++;
  }, 0);
  log(n, e.jsonResponse === j, j.constructor === Object, j instanceof Object, `${j}`);
  everything('read');
  j[key] = 'set'; log(j);
  delete j[key]; log(j);
  j[key] = {again: [1]}; j[key].again.push(2); log(j);
  j[1] = 'one'; j[0] = 'zero'; log(j, Object.keys(j));
  walk(j, (v) => {
    if (Array.isArray(v)) { v.push('pushed'); log(v.length, [...v], v.map((x) => typeof x), v.indexOf('pushed'), v.slice(-2)); v.reverse(); v.length--; }
  }, 0);
  walk(j, (v) => {
    if (v !== null && typeof v === 'object' && !Array.isArray(v)) {
      const first = Object.keys(v)[0];
      delete v[first]; v.added = n; v[first] = 'back';
    }
  }, 0);
  everything('changed');
  e.message = 'other'; e.extraProperty = [1]; delete e.timestamp; e.jsonResponse.self = e; log(e);
  delete e.jsonResponse.self;
  const {adid, ...rest} = e; log(adid, rest);
  e.jsonResponse = {mine: 1};
  everything('replaced');
})
