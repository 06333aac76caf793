// Loads the JavaScript of a genuine SDK without the app around it. Called with the package's folder it prints what the
// package has, as JSON; with a file of programs, too, it runs them and prints the lines that they write, each as JSON.
'use strict';
const fs = require('fs');
const path = require('path');
const vm = require('vm');

const [folder, programs] = process.argv.slice(2);
const lines = [];
const write = (...all) => lines.push(all.join(' '));
const native = new Proxy({}, { get: () => () => {} });
const world = vm.createContext({ console: { log: write, warn() {}, error() {} }, cordova: { exec() {} }, document: { addEventListener() {} } });

function load(file, require) {
  const text = fs.readFileSync(file, 'utf8')
    .replace(/import\s*\{([^}]*)\}\s*from 'react-native';/, 'const {$1} = require("react-native");');
  const module = { exports: {} };
  vm.runInContext(`(function (module, exports, require) {${text}\n})`, world, { filename: file })(module, module.exports, require);
  return module.exports;
}

const exported = {};
if (fs.existsSync(path.join(folder, 'www'))) {
  const manifest = fs.readFileSync(path.join(folder, 'plugin.xml'), 'utf8');
  for (const [, file, name] of manifest.matchAll(/<js-module src="([^"]*)"[^>]*>\s*<clobbers target="([^"]*)"/g)) {
    exported[name] = load(path.join(folder, file));
  }
} else {
  const reactNative = {
    NativeEventEmitter: function () { return native; }, NativeModules: { Adjust: native }, Platform: { OS: 'android' },
  };
  Object.assign(exported, load(path.join(folder, 'index.js'), () => reactNative));
}

if (programs) {
  Object.assign(world, exported);
  vm.runInContext(fs.readFileSync(programs, 'utf8'), world, { filename: programs });
  for (const line of lines) process.stdout.write(JSON.stringify(line) + '\n');
} else {
  const classes = {};
  for (const [name, value] of Object.entries(exported)) {
    const constants = {};
    for (const own of Object.keys(value)) {
      if (/^(string|number|boolean)$/.test(typeof value[own])) constants[own] = value[own];
    }
    classes[name] = {
      length: typeof value === 'function' ? value.length : -1,
      constants,
      statics: Object.keys(value).filter((own) => typeof value[own] === 'function'),
      methods: Object.fromEntries(Object.entries(value.prototype || {}).filter(([, m]) => typeof m === 'function').map(([own, m]) => [own, m.length])),
    };
  }
  process.stdout.write(JSON.stringify(classes) + '\n');
}
