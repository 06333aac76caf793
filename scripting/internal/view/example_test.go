package view_test

import (
	"fmt"

	"github.com/dop251/goja"

	"trackhook/engine"
	"trackhook/scripting/internal/view"
)

// A response is an ordinary object to a script, and costs nothing until it is touched.
func Example() {
	vm := goja.New()
	views := view.NewResponses(vm)
	response := engine.Response{
		Outcome: engine.Delivered, Message: "Event tracked", Body: []byte(`{"message":"Event tracked","ask_in":2000}`),
		Package: engine.Package{Kind: engine.KindEvent, Params: map[string]string{"event_token": "abc123"}},
	}
	if err := vm.Set("event", views.Object(&response)); err != nil {
		fmt.Println(err)
	}
	for _, expression := range []string{"event.eventToken", "event.jsonResponse.ask_in", "Object.keys(event).join()"} {
		value, err := vm.RunString(expression)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(value)
	}
	// Output:
	// abc123
	// 2000
	// message,timestamp,eventToken,callbackId,adid,jsonResponse
}
