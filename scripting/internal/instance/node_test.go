package instance

import (
	"strings"
	"testing"
)

// The modules of Node are there by both of their names, for require and import, and are the same each time. What they do is
// compared with Node's by the tests of the plugins folder.
func TestModulesOfNode(t *testing.T) {
	for code, want := range map[string]string{
		`const { createHash } = require("crypto"); console.log(createHash("sha256").update("x").digest("hex").slice(0, 8))`:                                                                                               "2d711642",
		`import { createHmac } from "node:crypto"; console.log(createHmac("sha1", "k").update("x").digest("base64"))`:                                                                                                     "ywATH87GAqj8hEE6KnAVTYwGoNI=",
		`import events, { EventEmitter } from "events"; import * as all from "node:events"; console.log(events === EventEmitter, typeof all.once)`:                                                                        "true function",
		`console.log(process.getBuiltinModule("util").inspect({ a: 1 }), process.getBuiltinModule("fs"))`:                                                                                                                 "{ a: 1 } undefined",
		`const path = require("path"), util = require("node:util"); console.log(path.join("a", "../b"), util === require("util"))`:                                                                                        "b true",
		`const Promise = require("./lib.js"), { URL } = require("url"); console.log(Promise, new URL("http://a/b").pathname)`:                                                                                             "function /b",
		`var process = require("process"); console.log(typeof process.nextTick, typeof globalThis.process.env)`:                                                                                                           "function object",
		`import { readable } from "uses-files"; console.log(readable("x"))`:                                                                                                                                               "Error: fs.readFileSync does not exist here: scripts have no file system: keep state in localStorage, import data as JSON",
		`try { require("fs") } catch (e) { console.log(e.message) }`:                                                                                                                                                      `the module "fs" of Node does not exist here: scripts have no file system: keep state in localStorage, import data as JSON`,
		`console.log(typeof globalThis["trackhook:node"], Buffer("a") instanceof Buffer)`:                                                                                                                                 "undefined true",
		`const r = require("http").request("http://a.example/"); r.on("error", (e) => console.log(e.code, e.message)); r.end("x")`:                                                                                        "ERR_METHOD_NOT_IMPLEMENTED a GET request cannot have a body here: requests are those of fetch, which refuses it; send it with POST",
		`const r = require("http").request({ host: "a.example", port: 81, headers: { Host: "A.example:81", Expect: "100-continue" } }); r.on("continue", () => { console.log("on"); r.destroy() }).on("error", () => {})`: "on",
		`try { require("https").request("https://a.example/", { headers: { host: "b.example" } }) } catch (e) { console.log(e.message) }`:                                                                                 "the header Host is that of the URL here, a.example, and cannot be b.example: which hosts a script may reach is looked at by the URL",
		`try { require("crypto").randomInt(-(2 ** 52), 2 ** 52) } catch (e) { console.log(e.message) }`:                                                                                                                   `The value of "max - min" is out of range. It must be <= 281474976710655. Received 9_007_199_254_740_992`,
		`require("fs-of-a-package"); require("http").createServer`:                                                                                                                                                        "",
	} {
		b := newBench(t)
		b.write("lib.js", `module.exports = typeof Promise;`)
		b.write("node_modules/uses-files/index.js", `const fs = require("fs");
exports.readable = (name) => { try { return fs.readFileSync(name) } catch (e) { return String(e) } };`)
		b.write("node_modules/fs-of-a-package/index.js", `require("node:child_process"); require("net"); require("worker_threads").isMainThread || x;`)
		b.run(code)
		if got := strings.Join(messages(b.log.take(), "info"), "\n"); got != want {
			t.Errorf("%s\n got %q\nwant %q", code, got, want)
		}
	}
}

// What cannot exist is said when the plugin's own file imports it.
func TestModulesOfNodeThatCannotExist(t *testing.T) {
	for code, want := range map[string]string{
		`import net from "net"; net.connect(1)`: `the module "net" of Node does not exist here: scripts have no sockets: use fetch, or http and https, which are made of it`,
		`import "node:nope"`:                    `the module "node:nope" of Node does not exist here`,
		`require("http").createServer()`:        "Error: http.createServer does not exist here: scripts have no sockets: use fetch, or request and get of http and https, which are made of it",
		`require("crypto").createCipheriv()`:    "Error: crypto.createCipheriv does not exist here: it is not among what this host gives; the global crypto and packages such as jose, crypto-js and tweetnacl may do",
		`require("http").get({ agent: new (class extends require("http").Agent { createConnection() {} })() })`: "Error: an agent that makes its own connections does not exist here: scripts have no sockets: use fetch, or request and get of http and https, which are made of it",
	} {
		if got := newBench(t).broken(code).Message; got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

// The clients of http and https reach what fetch may, and nothing else.
func TestModulesOfNodeReachWhatFetchMay(t *testing.T) {
	b := newBench(t)
	i := b.run(`const http = require("http"), https = require("https");
http.get("http://127.0.0.1:1/").on("error", (e) => console.log(e.code, e.message));
https.get({ hostname: "169.254.169.254", path: "/" }).on("error", (e) => console.log(e.code));`)
	for range 1000 {
		b.settle(i)
		if len(messages(b.log.lines(), "info")) == 2 {
			break
		}
	}
	lines := messages(b.log.take(), "info")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "EACCES") || !strings.HasPrefix(lines[1], "EACCES") {
		t.Errorf("%q", lines)
	}
}
