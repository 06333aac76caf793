// JSON.parse by the letter of the standard, for text that is known to be valid: goja's own loses halves of surrogate
// pairs. It makes the ordinary objects that views are compared with.
(function (text) {
  let i = 0;
  const blanks = () => { while (' \n\r\t'.indexOf(text[i]) >= 0 && i < text.length) i++; };
  const escapes = {b: '\b', f: '\f', n: '\n', r: '\r', t: '\t'};
  function string() {
    let out = '';
    for (i++; text[i] !== '"'; i++) {
      if (text[i] !== '\\') { out += text[i]; continue; }
      i++;
      if (text[i] === 'u') { out += String.fromCharCode(parseInt(text.substr(i + 1, 4), 16)); i += 4; continue; }
      out += escapes[text[i]] || text[i];
    }
    i++;
    return out;
  }
  function items(close, item) {
    i++; blanks();
    if (text[i] === close) { i++; return; }
    do { blanks(); item(); blanks(); } while (text[i++] === ',');
  }
  function value() {
    blanks();
    switch (text[i]) {
    case '{': {
      const object = {};
      items('}', () => {
        const key = string();
        blanks(); i++;
        Object.defineProperty(object, key, {value: value(), writable: true, enumerable: true, configurable: true});
      });
      return object;
    }
    case '[': {
      const list = [];
      items(']', () => list.push(value()));
      return list;
    }
    case '"': return string();
    case 't': i += 4; return true;
    case 'f': i += 5; return false;
    case 'n': i += 4; return null;
    default: {
      const start = i;
      while (i < text.length && '+-.eE0123456789'.indexOf(text[i]) >= 0) i++;
      return Number(text.slice(start, i));
    }
    }
  }
  return value();
})
