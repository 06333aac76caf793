// Package console is the page at /console/: its files, and signing in to it.
//
//	c := console.New(console.Config{Token: tokens, Port: "8787"})
//	http.Handle("/console/", c)
//	admin.New(admin.Config{Access: c.Access, ...})
//
// Everything that the page shows and does goes through the API of engine/admin; this package has no data. A build without
// the page, see [Built], has nothing to serve.
//
// # Paths
//
//	GET    /console/           the page; also at every path below it whose last part has no dot, which are the page's own
//	GET    /console/NAME.EXT   a file of it
//	POST   /console/session    signs in, with {"code":"..."} or {"token":"..."}
//	GET    /console/session    who the asker is, see [Me]
//	DELETE /console/session    signs out
//
// # Signing in
//
// A session begins with a token of the host, or with a code that works once, see [Console.Code]: that is what stands in a
// link, behind #, where no server and no log sees it. The session is a cookie that scripts cannot read and pages of other
// sites do not send. Its name has the port in it, because browsers do not tell the ports of a host apart. It ends when it
// was not used for a while, when it is signed out, when what it was given for is taken back, and with the process.
//
// A browser's request for a page of another site is refused, whatever it bears. A wrong token or code is answered after a
// while, and logged.
//
// # What the page may do
//
// Its policy lets it load its own files and speak to its own host, and nothing else: no script and no style within the
// page, no frame around it. The editor keeps its styles in constructed sheets of a shadow root, which need no exception.
//
// # How it is made
//
// The sources are in ui: TypeScript with Preact, and CodeMirror for scripts. Package internal/pack bundles them into dist, which
// is in the tree, so that building the command takes nothing but Go:
//
//	go generate ./engine/console
//
// app.js and chunk.js are loaded at first, scripts.js where somebody goes to scripts, and editor.js with the first text. The
// names of the files stay, so that changes can be merged. The types of the API that the page uses are made of openapi.yaml.
//
// # What it costs
//
// Measured on two cores that others had work for as well: the page makes the command 0.7 MB larger; one that is open on the
// answers of a host with nothing to do takes 0.2 % of a core there, and half a percent in the browser; a draft is tried on 100
// answers with 90 ms of processor time, within 42 ms at best, and in 222 ms, median of 20, while thirty processes wanted the cores.
// What it costs a host at full load is in the README of examples/soak, with how to repeat it.
//
// # Concurrency
//
// A [Console] may be used by many goroutines at once. There are no go statements.
//
// # Files
//
//	console.go         Config, New, and which path is what
//	page.go            the files, and the headers that they are served with
//	dist               the page, made of ui; pictures: what it looks like
//	signin.go          signing in and out, and who the asker is
//	session.go         sessions
//	code.go            codes that work once
package console
