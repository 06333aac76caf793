package sandbox

import "slices"

// Mix returns faults of all kinds that together hit the given share of requests, 0 to 1, each kind as often as the
// others. Slow answers take 50 ms and withheld ones end with the client's patience, so leave them out with the second
// argument where the client has much of it.
func Mix(share float64, without ...FaultKind) []Fault {
	all := []Fault{
		{Kind: FaultStatus, Status: 500, Name: "500 empty"},
		{Kind: FaultStatus, Status: 500, Name: "500 JSON", Body: `{"error":"Internal error, contact support@adjust.com"}`},
		{Kind: FaultStatus, Status: 503, Name: "503 Retry-After", RetryAfter: "1"},
		{Kind: FaultStatus, Status: 429, Name: "429", RetryAfter: "1"},
		{Kind: FaultRetryIn, RetryIn: 200},
		{Kind: FaultResetBefore},
		{Kind: FaultResetAfter, Name: "reset, not processed"},
		{Kind: FaultResetAfter, Name: "reset, processed", Processed: true},
		{Kind: FaultSlow, DelayMS: 50},
		{Kind: FaultSilent, Processed: true},
		{Kind: FaultGarbage},
		{Kind: FaultNotJSON},
		{Kind: FaultHTML},
		{Kind: FaultRedirect},
		{Kind: FaultTruncated, Processed: true},
		{Kind: FaultHuge, Bytes: 2 << 20},
	}
	all = slices.DeleteFunc(all, func(f Fault) bool { return slices.Contains(without, f.Kind) })
	share = min(max(share, 0), 1)
	if share == 0 {
		return nil
	}
	each := share / float64(len(all))
	for i := range all {
		// A fault is only asked when those before it have passed.
		all[i].Probability = min(each/(1-each*float64(i)), 1)
	}
	return all
}
