package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/fetch"
)

// bodyNatives are what bodies need.
func (w *Web) bodyNatives() map[string]native {
	return map[string]native{
		"encode": w.encodeUTF8,
		"decode": func(call goja.FunctionCall) goja.Value {
			return w.VM.ToValue(strings.TrimPrefix(decodeUTF8(w.bufferOf(call.Argument(0)).Bytes()), "\ufeff"))
		},
	}
}

// fetchNatives are what fetch, Request and Response need.
func (w *Web) fetchNatives() map[string]native {
	return map[string]native{
		"parse": w.fetchParse,
		"dataURL": func(call goja.FunctionCall) goja.Value {
			kind, body, ok := fetch.ParseData(call.Argument(0).String())
			if !ok {
				return goja.Null()
			}
			return w.VM.NewArray(kind, w.arrayBuffer(body))
		},
		"send": w.fetchSend,
	}
}

// fetchParse returns the URL as text and whether it holds a user name or password, or null when it is not valid. A
// host has no page, so there is nothing that a relative URL could be relative to.
func (w *Web) fetchParse(call goja.FunctionCall) goja.Value {
	u, err := w.Programs.urls.Parse(usv(w.VM, call.Argument(0)).String())
	if err != nil {
		return goja.Null()
	}
	return w.VM.NewArray(u.Href(false), u.Username() != "" || u.Password() != "")
}

// fetchSend starts a request: method, URL, headers as name, value, name, value, body or null, redirect mode, and three
// functions. The first is called once with what came of the request: an error and its code, or null, the status, its
// text, the headers, the URL and whether there were redirects. The second is called once after a success, with an error
// and its code, or null and the body. The result has two functions: cancel gives the request up, and chunked returns
// what has come of the body and has the third function called with each further part; the second gets the rest then.
func (w *Web) fetchSend(call goja.FunctionCall) goja.Value {
	head, isHead := goja.AssertFunction(call.Argument(5))
	body, isBody := goja.AssertFunction(call.Argument(6))
	chunk, isChunk := goja.AssertFunction(call.Argument(7))
	if !isHead || !isBody || !isChunk {
		panic(w.VM.NewTypeError("send needs three functions"))
	}
	request := &fetch.Request{
		Method: call.Argument(0).String(), URL: call.Argument(1).String(),
		Header: w.fetchHeader(call.Argument(2)), Redirect: call.Argument(4).String(),
	}
	if b := call.Argument(3); !goja.IsNull(b) {
		request.Body = append([]byte{}, bytesOf(b)...) // the script may go on to change its own
	}
	ctx, cancel := context.WithCancel(w.Scheduler.Context())
	job := &fetchJob{
		Web: w, request: request, head: head, body: body, chunk: chunk,
		deliverHead: w.Scheduler.Reserve("fetch"), deliverBody: w.Scheduler.Reserve("fetch"),
	}
	refused := w.Fetcher.Start(func() {
		defer cancel()
		job.run(ctx)
	})
	if refused != nil {
		cancel()
		job.fail(refused)
	}
	handle := w.VM.CreateObject(nil)
	rethrow(handle.Set("cancel", func(goja.FunctionCall) goja.Value {
		cancel()
		return goja.Undefined()
	}))
	rethrow(handle.Set("chunked", func(goja.FunctionCall) goja.Value {
		return w.arrayBuffer(job.arrived.Flow())
	}))
	return handle
}

// fetchHeader makes the headers of a request. The program has checked them: each character is a byte.
func (w *Web) fetchHeader(v goja.Value) http.Header {
	header := http.Header{}
	list, _ := v.Export().([]any)
	for i := 0; i+1 < len(list); i += 2 {
		name, _ := list[i].(string)
		value, _ := list[i+1].(string)
		raw := make([]byte, 0, len(value))
		for _, r := range value {
			raw = append(raw, byte(r))
		}
		header.Add(name, string(raw))
	}
	if header.Get("User-Agent") == "" {
		header.Set("User-Agent", "Trackhook")
	}
	if header.Get("Accept") == "" {
		header.Set("Accept", "*/*")
	}
	return header
}

// fetchJob is one request on its way. Its run belongs to a goroutine of its own; what it delivers runs on the runtime's.
type fetchJob struct {
	Web                      *Web
	request                  *fetch.Request
	head, body, chunk        goja.Callable
	deliverHead, deliverBody func(func())
	arrived                  fetch.Body
}

// run makes the request and delivers both halves, each exactly once.
func (j *fetchJob) run(ctx context.Context) {
	f := j.Web.Fetcher
	ctx, cancel := context.WithTimeoutCause(ctx, f.Timeout(), fetch.ErrTimeout)
	defer cancel()
	stop := context.AfterFunc(f.Context(), cancel) //nolint:contextcheck // a request ends with its runtime or with its plugin
	defer stop()

	if err := f.Acquire(ctx); err != nil {
		j.fail(j.known(ctx, err))
		return
	}
	defer f.Release()
	response, err := f.Send(ctx, j.request)
	if err != nil {
		j.fail(j.known(ctx, err))
		return
	}
	_, text, _ := strings.Cut(response.Status, " ")
	headers := flatHeader(response.Header)
	j.deliverHead(func() {
		vm := j.Web.VM
		j.call(j.head, goja.Null(), goja.Undefined(), vm.ToValue(response.StatusCode), vm.ToValue(text),
			j.Web.latin1Strings(headers), vm.ToValue(response.URL), vm.ToValue(response.Redirected))
	})
	j.arrived.Post = func(data []byte) {
		j.Web.Scheduler.Post("fetch", func() { j.call(j.chunk, j.Web.arrayBuffer(data)) })
	}
	err = f.ReadBody(ctx, response, &j.arrived)
	if err != nil {
		failure := j.known(ctx, err)
		j.deliverBody(func() { j.call(j.body, j.Web.VM.ToValue(failure.Text), j.Web.VM.ToValue(failure.Code)) })
		return
	}
	data := j.arrived.Rest()
	j.deliverBody(func() { j.call(j.body, goja.Null(), goja.Undefined(), j.Web.arrayBuffer(data)) })
}

// fail delivers an error in the place of an answer.
func (j *fetchJob) fail(failure *fetch.Error) {
	j.deliverHead(func() { j.call(j.head, j.Web.VM.ToValue(failure.Text), j.Web.VM.ToValue(failure.Code)) })
	j.deliverBody(nil)
}

// known is the error as one that a script may see.
func (j *fetchJob) known(ctx context.Context, err error) *fetch.Error {
	var failure *fetch.Error
	switch {
	case errors.As(err, &failure):
		return failure
	case errors.Is(context.Cause(ctx), fetch.ErrTimeout):
		return &fetch.Error{
			Code: "ETIMEDOUT", Text: "too many other requests of the plugin were on their way for " + j.Web.Fetcher.Timeout().String(),
		}
	default:
		return &fetch.Error{Code: "ECANCELED", Text: "the plugin was stopped"}
	}
}

func (j *fetchJob) call(f goja.Callable, args ...goja.Value) {
	if _, err := f(goja.Undefined(), args...); err != nil {
		panic(err)
	}
}

// flatHeader lists headers as name, value, name, value, with names in lower case.
func flatHeader(header http.Header) []string {
	list := make([]string, 0, 2*len(header))
	for name, values := range header {
		for _, value := range values {
			list = append(list, strings.ToLower(name), strings.Trim(value, "\t\r\n "))
		}
	}
	return list
}

// latin1Strings returns a JavaScript array of strings, in which each byte is a character.
func (w *Web) latin1Strings(list []string) goja.Value {
	values := make([]any, len(list))
	for i, s := range list {
		values[i] = w.latin1String([]byte(s))
	}
	return w.VM.NewArray(values...)
}
