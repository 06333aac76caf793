package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"trackhook/engine"
)

// pack makes a package of a device. IDs are the test's.
func pack(id, device string) engine.Package {
	return engine.Package{
		ID: id, Kind: engine.KindEvent,
		App:     engine.App{Token: "abc123def456", Environment: engine.Sandbox},
		Device:  "external_device_id=" + device,
		Params:  map[string]string{"external_device_id": device, "event_token": "abc123"},
		Created: time.Unix(1_700_000_000, 0),
	}
}

// outcome makes a settlement of a lease as the sending loop does.
func outcome(lease engine.Lease, verdict engine.Verdict, o engine.Outcome) engine.Settlement {
	return engine.Settlement{
		Lease: lease, Verdict: verdict, Due: time.Now(),
		Response: engine.Response{
			Package: lease.Package, Attempt: lease.Attempts + 1, Outcome: o, Status: 200,
			Message: "message of " + lease.Package.ID, At: time.Now(), WillRetry: verdict == engine.Requeue,
		},
	}
}

func remove(lease engine.Lease) engine.Settlement {
	return outcome(lease, engine.Remove, engine.Delivered)
}

func requeue(lease engine.Lease, wait time.Duration) engine.Settlement {
	s := outcome(lease, engine.Requeue, engine.Retry)
	s.Lease.Failures++
	s.Due = time.Now().Add(wait)
	return s
}

func ids(leases []engine.Lease) []string {
	var all []string
	for i := range leases {
		all = append(all, leases[i].Package.ID)
	}
	return all
}

// session makes a session of a device.
func session(id, device string) engine.Package {
	p := pack(id, device)
	p.Kind = engine.KindSession
	delete(p.Params, "event_token")
	return p
}

// other moves a package to another app.
func other(p engine.Package) engine.Package {
	p.App.Token = "zyx987wvu654"
	return p
}

// wait settles a lease so that it waits for a session, for an hour at least.
func wait(lease engine.Lease) engine.Settlement {
	s := outcome(lease, engine.Requeue, engine.WaitForDevice)
	s.Wait, s.Due = true, time.Now().Add(time.Hour)
	return s
}

// accept settles the lease of a session that the server took.
func accept(lease engine.Lease) engine.Settlement {
	s := remove(lease)
	s.Device = &engine.Device{ADID: "adid", Session: time.Unix(1_700_000_000, 0)}
	return s
}

// requeueWaiting is wait with a shorter time.
func requeueWaiting(lease engine.Lease, d time.Duration) engine.Settlement {
	s := wait(lease)
	s.Due = time.Now().Add(d)
	return s
}

// equalTimes compares times as instants: a store does not keep the location or the monotonic reading.
func equalTimes() cmp.Option { return cmpopts.EquateApproxTime(0) }
