package scripting

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/scripting/internal/documents"
)

// seedBlocks returns the JavaScript blocks of the callback page, as they stand there.
func seedBlocks(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile(documents.Path(t, "seed/callbacks.md"))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	rest := string(page)
	for {
		_, after, found := strings.Cut(rest, "```js\n")
		if !found {
			return blocks
		}
		block, after, closed := strings.Cut(after, "```\n")
		if !closed {
			t.Fatal("a block of the page is not closed")
		}
		blocks = append(blocks, block)
		rest = after
	}
}

func TestSeedBlocks(t *testing.T) {
	blocks := seedBlocks(t)
	if len(blocks) != 8 {
		t.Fatalf("found %d blocks, want 8", len(blocks))
	}
	const (
		when = "2024-07-09T01:31:14.373Z+0000"
		body = "{\n" +
			"  app_token: 'abc123def456',\n" +
			"  adid: 'adid-1',\n" +
			"  timestamp: '" + when + "',\n" +
			"  message: 'Event tracked',\n" +
			"  ask_in: 2000\n" +
			"}"
	)
	all := []engine.Response{
		sessionResponse(engine.Delivered), sessionResponse(engine.Retry),
		eventResponse(engine.Delivered), eventResponse(engine.Retry),
	}
	for n, want := range [][]string{
		{"Session tracking succeeded!", "Event tracked", when, "adid-1", body},
		{when},
		{"Session tracking failed!", "connection refused", "", "adid-1", "true", "null"},
		{"connection refused"},
		{"Event tracking succeeded!", "Event tracked", when, "abc123", "cb-1", "adid-1", body},
		{when},
		{"Event tracking failed!", "connection refused", "", "abc123", "cb-1", "adid-1", "true", "null"},
		{"connection refused"},
	} {
		b := newBench(t)
		i, g, err := b.start(blocks[n])
		if err != nil {
			t.Errorf("block %d: %v", n+1, err)
			continue
		}
		b.feed(i, all...)
		lines := b.log.take()
		if got := messages(lines, ""); !slices.Equal(got, want) {
			t.Errorf("block %d printed\n  %q\nwant\n  %q", n+1, got, want)
		}
		for _, line := range lines {
			if line.Plugin != "x" || line.Version != g.Version() || line.Level != "info" {
				t.Errorf("block %d: line %+v has another plugin, version or level", n+1, line)
			}
		}
	}
}

// unsuitable are the examples of the documentation that cannot load, with the reason: they use what they do not
// declare, or are not JavaScript.
func unsuitable() map[string]string {
	reasons := map[string]string{
		"session-parameters-13": "SyntaxError: ",
	}
	for _, name := range []string{"2", "4", "6", "8", "10", "12", "14", "16", "18", "20", "22"} {
		reasons["subscriptions-"+name] = "ReferenceError: price is not defined"
	}
	for _, name := range []string{"5", "8", "11", "14", "17", "20"} {
		reasons["events-"+name] = "ReferenceError: APP_ID is not defined"
	}
	return reasons
}

func TestDocumentationExamplesLoad(t *testing.T) {
	index, err := os.ReadFile(documents.Path(t, "spec/blocks/index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	reasons, examples := unsuitable(), 0
	for row := range strings.Lines(string(index)) {
		columns := strings.Split(row, "\t")
		if columns[12] != "example" {
			continue
		}
		examples++
		source, err := os.ReadFile(documents.Path(t, "spec/blocks/"+columns[0]))
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(columns[0]), ".js")
		reason := reasons[strings.TrimPrefix(name, "features_")]
		b := newBench(t, withDevice)
		_, _, err = b.start(string(source))
		switch {
		case err == nil && reason != "":
			t.Errorf("%s loads, although: %s", name, reason)
		case err != nil && reason == "":
			t.Errorf("%s does not load: %v", name, err)
		case err != nil && !strings.Contains(err.Error(), reason):
			t.Errorf("%s does not load for another reason: %v", name, err)
		}
		for _, text := range messages(b.log.lines(), "error") {
			// Most examples of ad revenue show one setter and set no revenue, which the S2S protocol needs. One passes a
			// function as a parameter.
			if err == nil && !strings.HasPrefix(text, "Adjust.trackAdRevenue sends nothing: Invalid revenue") &&
				(name != "features_att-6" || text != "Session Partner parameter value is missing") {
				t.Errorf("%s logs %q", name, text)
			}
		}
	}
	if examples != 96 {
		t.Errorf("found %d examples, want 96", examples)
	}
}
