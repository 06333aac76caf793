package postgres_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"

	"github.com/jackc/pgx/v5"
)

var xn = func() int { n := 32; fmt.Sscan(os.Getenv("XN"), &n); return n }()

func TestX(t *testing.T) {
	server := pgtest.Start(t)
	ctx := context.Background()
	dir, _ := os.ReadDir(os.Getenv("XDIR"))
	body := make([]byte, 330)
	args := func(n int) []any {
		var parts, partitions []int16
		var ids, devices, kinds, events, bodies [][]byte
		var apps []int32
		var created []int64
		var sessions []bool
		for i := range xn {
			k := n*xn + i
			parts, partitions = append(parts, int16(k*7919%64)), append(partitions, int16(k*104729%64))
			ids, devices = append(ids, fmt.Appendf(nil, "%032x", k)), append(devices, fmt.Appendf(nil, "external_device_id=%036x", k%10_000))
			kinds, events, bodies, apps = append(kinds, []byte("event")), append(events, []byte("f0ob4r")), append(bodies, body), append(apps, 1)
			created, sessions = append(created, 1<<60), append(sessions, false)
		}
		return []any{parts, ids, partitions, apps, devices, created, sessions, kinds, events, bodies, int64(1), int64(0), int64(-1 << 63), []int32{1}, [][]byte{[]byte("event")}, [][]byte{[]byte("f0ob4r")}}
	}
	type variant struct {
		name string
		run  func(n int)
		took []time.Duration
	}
	var all []*variant
	for _, f := range dir {
		text, _ := os.ReadFile(os.Getenv("XDIR") + "/" + f.Name())
		schema := benchSchema("x")
		store, err := postgres.Open(ctx, postgres.Config{URL: server.URL(), Schema: schema})
		if err != nil {
			t.Fatal(err)
		}
		store.Close()
		cfg, _ := pgx.ParseConfig(server.URL())
		cfg.RuntimeParams["search_path"] = schema
		cfg.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
		cfg.RuntimeParams["enable_seqscan"] = "off"
		cfg.RuntimeParams["synchronous_commit"] = "off"
		conn, err := pgx.ConnectConfig(ctx, cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		conn.Exec(ctx, "UPDATE hosts SET ended = false")
		if strings.Contains(f.Name(), "fill") {
			conn.Exec(ctx, os.Getenv("XSETUP"))
		}
		sts := strings.Split(string(text), "-- next\n")
		v := &variant{name: f.Name()}
		v.run = func(n int) {
			all := args(n)
			b := &pgx.Batch{}
			for _, st := range sts {
				var use []any
				line, _, _ := strings.Cut(st, "\n")
				for _, w := range strings.Fields(line)[2:] {
					var i int
					fmt.Sscan(w, &i)
					use = append(use, all[i-1])
				}
				b.Queue(st, use...)
			}
			began := time.Now()
			if err := conn.SendBatch(ctx, b).Close(); err != nil {
				t.Fatal(v.name, err)
			}
			v.took = append(v.took, time.Since(began))
		}
		for n := range 200 {
			v.run(n)
		}
		v.took = nil
		all = append(all, v)
	}
	for n := range 4000 {
		for _, v := range all {
			v.run(n + 200)
		}
	}
	for _, v := range all {
		slices.Sort(v.took)
		fmt.Printf("%-20s p5 %v p10 %v p25 %v p50 %v\n", v.name, v.took[len(v.took)/20], v.took[len(v.took)/10], v.took[len(v.took)/4], v.took[len(v.took)/2])
	}
}
