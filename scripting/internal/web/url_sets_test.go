package web

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// urlSets is where the data sets of the URL standard's tests lie, beside the repository.
const urlSets = "../../../../shared/url"

// urlFailures lists the tests of the data sets that are known to fail, as the loops below name them. It may only become
// shorter.
const urlFailures = "testdata/url_failures.json"

// TestURLDataSets runs the data sets of the URL standard's tests where they are there.
func TestURLDataSets(t *testing.T) {
	wrong := map[string][]string{}
	list, err := os.ReadFile(urlFailures)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(list, &wrong); err != nil {
		t.Fatal(err)
	}
	for name, loop := range map[string]string{
		"urltestdata.json": `for (const test of data) {
			if (typeof test === 'string') continue;
			const base = test.base === null ? undefined : test.base;
			check(JSON.stringify([test.input, test.base]), () => {
				if (test.failure) {
					if (URL.canParse(test.input, base)) return 'is taken: ' + new URL(test.input, base).href;
					return undefined;
				}
				const url = new URL(test.input, base);
				for (const part of ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']) {
					if (part in test && url[part] !== test[part]) return part + ' is ' + url[part];
				}
				if ('searchParams' in test && String(url.searchParams) !== test.searchParams) return 'searchParams are ' + url.searchParams;
			});
		}`,
		"setters_tests.json": `for (const part of Object.keys(data)) {
			if (part === 'comment') continue;
			for (const test of data[part]) {
				check(JSON.stringify([part, test.href, test.new_value]), () => {
					const url = new URL(test.href);
					url[part] = test.new_value;
					for (const name of Object.keys(test.expected)) if (url[name] !== test.expected[name]) return name + ' is ' + url[name];
				});
			}
		}`,
		"toascii.json": `for (const test of data) {
			if (typeof test === 'string') continue;
			check(JSON.stringify(test.input), () => {
				const url = 'https://' + test.input + '/x';
				if (test.output === null) return URL.canParse(url) ? 'is taken: ' + new URL(url).host : undefined;
				const { host, hostname, pathname } = new URL(url);
				if (host !== test.output || hostname !== test.output || pathname !== '/x') return host + pathname;
			});
		}`,
		"percent-encoding.json": `for (const test of data) { // the other encodings are those of documents, of which a host has none
			if (typeof test === 'string') continue;
			check(JSON.stringify(test.input), () => {
				const { search } = new URL('https://doesnotmatter.invalid/?' + test.input);
				if (search !== '?' + test.output['utf-8']) return search;
			});
		}`,
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(filepath.FromSlash(urlSets), name))
			if errors.Is(err, fs.ErrNotExist) {
				t.Skipf("the data set is not there: %v", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			p := newPage(t, nil)
			if err := p.vm.Set("text", string(text)); err != nil {
				t.Fatal(err)
			}
			got := p.run(`const data = JSON.parse(text), wrong = []; let count = 0;
				const check = (name, f) => {
					count++;
					let what;
					try { what = f(); } catch (e) { what = String(e); }
					if (what !== undefined) wrong.push(name + '\t' + what);
				};
				` + loop + `
				return count + '\n' + wrong.join('\n')`)
			count, list, _ := strings.Cut(got, "\n")
			known := slices.Clone(wrong[name])
			for line := range strings.SplitSeq(list, "\n") {
				test, what, _ := strings.Cut(line, "\t")
				if at := slices.Index(known, test); at >= 0 {
					known = slices.Delete(known, at, at+1)
				} else if test != "" {
					t.Errorf("%s: %s", test, what)
				}
			}
			for _, test := range known {
				t.Errorf("%s passes, and is on the list of those that fail: take it off", test)
			}
			t.Logf("%s tests, of which %d are known to fail", count, len(wrong[name]))
		})
	}
}
