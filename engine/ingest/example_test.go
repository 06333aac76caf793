package ingest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"trackhook/engine"
	"trackhook/engine/ingest"
)

// printer stands for an engine.
type printer struct{}

func (printer) Track(_ context.Context, packages ...engine.Package) error {
	for _, p := range packages {
		fmt.Printf("%s of %s, callback id %q\n", p.Kind, p.Device, p.CallbackID)
	}
	return nil
}

// A batch is NDJSON: one package a line, all of them accepted or none.
func Example_batch() {
	handler, err := ingest.New(ingest.Config{Tracker: printer{}}) // an *engine.Engine in real life
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()

	send := func(lines ...string) {
		answer, err := http.Post(server.URL+"/v1/packages", "application/x-ndjson", strings.NewReader(strings.Join(lines, "\n")))
		if err != nil {
			panic(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			panic(err)
		}
		fmt.Println(answer.StatusCode, string(body))
	}
	const session = `{"kind":"session","app_token":"abc123def456","environment":"sandbox","device":"external_device_id=kiosk-17","created_at_unix":1735689600,"idempotency_key":"1"}`
	send(
		session,
		`{"kind":"event","app_token":"abc123def456","environment":"sandbox","device":"external_device_id=kiosk-17","created_at_unix":1735689606,"idempotency_key":"2","callback_id":"order 17","params":{"event_token":"abc123","revenue":"1.99","currency":"EUR"},"callback_params":{"level":"3"}}`,
	)
	send(session, `{"kind":"session","app_token":"abc123def456","environment":"sandbox","params":{},"devise":"x"}`)

	// Output:
	// session of external_device_id=kiosk-17, callback id ""
	// event of external_device_id=kiosk-17, callback id "order 17"
	// 200 {"accepted":2,"ids":["kafaa773f1585a278e470c41db9c3af34","k19129d6b8b7f0e84d28712f804082aed"]}
	// 400 {"error":"Batch request failed (Invalid parameters)","detail":"line 2: unknown key \"devise\"; S2S parameters belong into params","line":2,"field":"devise"}
}
