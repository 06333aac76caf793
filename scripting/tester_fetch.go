package scripting

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/jsontext"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/web"
)

//go:embed tester_fetch.js
var mockFetchSource string

// fetchAnswer is what a mock says to a request.
type fetchAnswer struct {
	status  int
	headers map[string]string
	body    string
	// failure is why there is no answer. Empty: there is one.
	failure string
}

// fetchMock answers requests in place of the network. It is called on the runtime's goroutine; answer may be called
// from any, at once or later, exactly once.
type fetchMock func(f Fetch, answer func(fetchAnswer))

// alwaysOK is the mock of replays: what the server said at that time is not recorded, and both versions are told the
// same.
func alwaysOK(_ Fetch, answer func(fetchAnswer)) {
	answer(fetchAnswer{status: 200, headers: map[string]string{"content-type": "application/json"}, body: "{}"})
}

// installFetchMock replaces fetch.
func installFetchMock(m *machine.Machine, w *web.Web, mock fetchMock) error {
	program, err := machine.Compile(script.OwnPrefix+"tester_fetch.js", mockFetchSource)
	if err != nil {
		return err
	}
	value, err := m.VM.RunProgram(program)
	if err != nil {
		return fmt.Errorf("run tester_fetch.js: %w", err)
	}
	install, ok := machine.AsFunction(value)
	if !ok {
		return errors.New("run tester_fetch.js: not a function")
	}
	send := func(call goja.FunctionCall) goja.Value {
		f := Fetch{Method: call.Argument(0).String(), URL: call.Argument(1).String(), Body: call.Argument(3).String()}
		if err := json.Unmarshal([]byte(call.Argument(2).String()), &f.Headers); err != nil {
			panic(m.NewError("fetch: " + err.Error()))
		}
		back, ok := machine.AsFunction(call.Argument(4))
		if !ok {
			panic(m.VM.NewTypeError("fetch: no callback"))
		}
		deliver := m.Reserve()
		mock(f, func(a fetchAnswer) {
			headers, err := json.Marshal(a.headers)
			if err != nil || a.headers == nil {
				headers = []byte("{}")
			}
			deliver(func() {
				m.Callback("answer of fetch", back, []goja.Value{
					m.VM.ToValue(a.status), m.VM.ToValue(string(headers)), m.VM.ToValue(a.body), m.VM.ToValue(a.failure),
				})
			})
		})
		return goja.Undefined()
	}
	own := func(goja.FunctionCall) goja.Value { return w.Build("fetch").Get("fetch") }
	fetch := install(goja.FunctionCall{Arguments: []goja.Value{
		m.VM.ToValue(send), m.VM.ToValue(func(call goja.FunctionCall) goja.Value { return m.VM.ToValue(fetchBody(call.Argument(0))) }), m.VM.ToValue(own),
	}})
	m.DefineValue("fetch", fetch)
	return nil
}

// fetchBody is the text of a body as a record shows it.
func fetchBody(body goja.Value) string {
	if object, ok := body.(*goja.Object); ok {
		switch data := object.Export().(type) {
		case goja.ArrayBuffer:
			return jsontext.ValidText(string(data.Bytes()))
		case []byte:
			return jsontext.ValidText(string(data))
		}
	}
	return body.ToString().String()
}
