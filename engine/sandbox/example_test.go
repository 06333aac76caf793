package sandbox_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"trackhook/engine/sandbox"
)

// A test starts a server, sends to it, and looks at what arrived.
func ExampleStart() {
	server, err := sandbox.Start(context.Background(), "127.0.0.1:0", sandbox.Config{
		Faults: []sandbox.Fault{{Kind: sandbox.FaultStatus, Status: 503, Count: 1}}, // the first request fails
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range 2 {
		response, err := client.PostForm(server.URL+"/session", url.Values{
			"s2s": {"1"}, "app_token": {"abc123def456"}, "environment": {"sandbox"}, "external_device_id": {"kiosk-17"},
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		response.Body.Close()
	}
	for _, request := range server.Requests() {
		fmt.Println(request.Path, request.Device, request.Status, request.Fault)
	}
	// Output:
	// /session external_device_id=kiosk-17 503 status 503
	// /session external_device_id=kiosk-17 200
}
