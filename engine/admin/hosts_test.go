package admin_test

import (
	"testing"

	"trackhook/engine/admin"
)

func TestHosts(t *testing.T) {
	f := newFake()
	_, client := serve(t, admin.New(f.config()))
	hosts, err := client.Hosts(t.Context())
	if err != nil || len(hosts) != 2 {
		t.Fatalf("the hosts are %+v, %v", hosts, err)
	}
	if one, two := &hosts[0], &hosts[1]; !one.Asked || one.Partitions != 33 || one.Plugins["count"] != "10dd774d" || !two.Lost || len(two.Runs) != 0 {
		t.Errorf("the hosts are %+v", hosts)
	}
	want(t, ask(admin.New(admin.Config{Stats: f.stats}), "GET", "/api/v1/hosts"), 200, `{"hosts":[]}`)
}
