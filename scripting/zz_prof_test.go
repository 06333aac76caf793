package scripting

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

func TestZZProf(t *testing.T) {
	host := newBench(t, func(c *Config) { c.Log = zerolog.New(discard{}) })
	entry := host.write("x.js", direct+`function onSuccess(e) { console.log(e.timestamp) }`)
	var all []*instance
	one := func() {
		i, _, err := startInstance(t.Context(), instanceConfig{host: host.cfg, name: "x", entry: entry, devices: host.dev})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, i)
	}
	one()
	runtime.GC(); runtime.GC()
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	const n = 300
	cpu, _ := os.Create("/tmp/api5/cpu.out")
	pprof.StartCPUProfile(cpu)
	start := time.Now()
	for range n {
		one()
	}
	took := time.Since(start)
	pprof.StopCPUProfile()
	runtime.GC(); runtime.GC()
	runtime.ReadMemStats(&m1)
	fmt.Printf("live per plugin %d B, objects %d, alloc %d, time %v\n", (m1.HeapAlloc-m0.HeapAlloc)/n, (m1.HeapObjects-m0.HeapObjects)/n, (m1.TotalAlloc-m0.TotalAlloc)/n, took/n)
	f, _ := os.Create("/tmp/api5/heap.out")
	pprof.WriteHeapProfile(f)
	f.Close()
	for _, i := range all {
		<-i.retire()
	}
}
