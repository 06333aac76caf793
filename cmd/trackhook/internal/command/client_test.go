package command_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
)

// TestListeningOverTLS asks hosts with a certificate for another name: within the machine nothing is asked of it, and
// elsewhere that it is the one that is configured.
func TestListeningOverTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status":"ok"}`))
	}))
	t.Cleanup(server.Close)
	write := func(name string, der []byte) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	own, other := write("own.pem", server.Certificate().Raw), write("other.pem", []byte("other"))
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	for _, row := range []struct{ listen, file, wrong string }{
		{"127.0.0.1:" + port, own, ""},
		{"127.0.0.1:" + port, other, ""},
		{"0.0.0.0:" + port, other, ""},
		{":" + port, other, ""},
		{"localhost:" + port, own, ""},
		{"localhost:" + port, other, "who answers there has another certificate than " + other},
		{"localhost:" + port, "absent.pem", "absent.pem"},
	} {
		var client command.Client
		client.Listening(&config.Config{Listen: row.listen, TLS: config.TLS{CertFile: row.file}})
		health, err := client.Admin().Health(t.Context())
		switch {
		case row.wrong == "" && (err != nil || health.Status != "ok"):
			t.Errorf("%s, %s: %+v, %v", row.listen, row.file, health, err)
		case row.wrong != "" && (err == nil || !strings.Contains(err.Error(), row.wrong)):
			t.Errorf("%s, %s: error %v, want %q", row.listen, row.file, err, row.wrong)
		}
	}
}
