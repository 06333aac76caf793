package main

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"trackhook/engine/console"
)

// condition tells whether this build has the page, for scripts that need it.
func condition(name string) (bool, error) {
	switch name {
	case "console":
		return console.Built(), nil
	case "long":
		return os.Getenv("TRACKHOOK_LONG") != "", nil
	default:
		return false, nil
	}
}

// cmdSignIn signs in to the console at a port with a code, and compares the status and the answer.
func cmdSignIn(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: signIn PORT CODE STATUS REGEXP")
	}
	answer, err := http.Post("http://127.0.0.1:"+args[0]+"/console/session", "application/json", strings.NewReader(`{"code":"`+args[1]+`"}`))
	ts.Check(err)
	text, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	ts.Check(err)
	if strconv.Itoa(answer.StatusCode) != args[2] || !regexp.MustCompile(args[3]).Match(text) {
		ts.Fatalf("signing in is answered with %d %s", answer.StatusCode, text)
	}
}

// cmdOpened keeps the code of the link that the last command has printed.
func cmdOpened(ts *testscript.TestScript, _ bool, args []string) {
	_, code, ok := strings.Cut(strings.TrimSpace(ts.ReadFile("stdout")), "#code=")
	if !ok || len(args) != 1 {
		ts.Fatalf("no link was printed")
	}
	ts.Setenv(args[0], code)
}
