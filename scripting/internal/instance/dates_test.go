package instance

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"trackhook/engine/nodetest"
)

// datesDiffer are the questions of testdata/dates.js that are answered otherwise than by Node.js. The list may only become shorter.
func datesDiffer() []string {
	return nil
}

// TestDatesAsInNode holds dates against Node.js, in several time zones.
func TestDatesAsInNode(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("testdata/dates.js")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]bool{}
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"}
	if !nodetest.Must() {
		zones = zones[1:2] // it has an offset, and summer time
	}
	for _, zone := range zones {
		want := nodetest.Run(t, string(script), "TZ="+zone)
		cmd := exec.CommandContext(t.Context(), program, "-test.run", "^TestDatesPrinted$", "-test.v")
		cmd.Env = append(os.Environ(), "TZ="+zone, "TRACKHOOK_TEST_DATES=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		var got []string
		for line := range strings.Lines(string(out)) {
			if answer, ok := strings.CutPrefix(line, "printed "); ok {
				got = append(got, strings.TrimSuffix(answer, "\n"))
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%s: %d and %d answers\n%s", zone, len(got), len(want), out)
		}
		for i := range want {
			question, answer, _ := strings.Cut(want[i], "\t")
			switch {
			case got[i] == want[i]:
			case slices.Contains(datesDiffer(), question):
				met[question] = true
			default:
				t.Errorf("%s: %s\n got %s\nwant %s", zone, question, strings.TrimPrefix(got[i], question+"\t"), answer)
			}
		}
	}
	for _, question := range datesDiffer() {
		if !met[question] {
			t.Errorf("%s is as in Node.js now: take it out of the list", question)
		}
	}
}

// TestDatesPrinted is run by TestDatesAsInNode in processes of their own, since the time zone is that of a process.
func TestDatesPrinted(t *testing.T) {
	if os.Getenv("TRACKHOOK_TEST_DATES") == "" {
		t.Skip("another test runs it, in several time zones")
	}
	script, err := os.ReadFile("testdata/dates.js")
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	i, _, err := b.start(string(script))
	if err != nil {
		t.Fatal(err)
	}
	<-i.Retire()
	for _, line := range messages(b.log.take(), "info") {
		fmt.Printf("printed %s\n", line)
	}
}
