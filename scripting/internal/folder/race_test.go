package folder_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/folder"
)

// An editor that saves by renaming and a page that saves at the same moment: whoever is first, what the editor wrote is
// there afterwards, because the page has not seen it.
func TestEditorAndPageAtTheSameMoment(t *testing.T) {
	t.Parallel()
	f, dir := plugins(t, map[string]string{"daily.js": "begin\n"})
	path := filepath.Join(dir, "daily.js")
	saves, conflicts := 0, 0
	for round := range 300 {
		base := version(t, f, "daily.js")
		beside := filepath.Join(dir, fmt.Sprintf(".editor-%d.tmp", round))
		editors := fmt.Sprintf("editor %d\n", round)
		if err := os.WriteFile(beside, []byte(editors), 0o644); err != nil {
			t.Fatal(err)
		}
		start := make(chan struct{})
		var both sync.WaitGroup
		var saveErr, renameErr error
		both.Go(func() {
			<-start
			_, saveErr = f.Save("daily.js", scripts.Save{Text: fmt.Sprintf("page %d\n", round), Version: base})
		})
		both.Go(func() {
			<-start
			renameErr = os.Rename(beside, path)
		})
		close(start)
		both.Wait()
		if renameErr != nil {
			t.Fatal(renameErr)
		}
		_, conflict := errors.AsType[*scripts.ConflictError](saveErr)
		switch {
		case saveErr == nil:
			saves++
		case conflict:
			conflicts++
		default:
			t.Fatal(saveErr)
		}
		if got := read(t, dir, "daily.js"); got != editors {
			t.Fatalf("round %d: the file holds %q after %q was saved by an editor; the page's save says %v", round, got, editors, saveErr)
		}
	}
	t.Logf("%d saves before the editor, %d conflicts", saves, conflicts)
	if got := left(t, dir); !slices.Equal(got, []string{"daily.js"}) {
		t.Errorf("the folder holds %v", got)
	}
}

// Many pages, of several hosts of one folder, add a line each: none is lost.
func TestPagesLoseNoLine(t *testing.T) {
	t.Parallel()
	first, dir := plugins(t, map[string]string{"daily.js": ""})
	second := folder.New(folder.Config{Dir: dir})
	const pages, lines = 4, 25
	var all sync.WaitGroup
	for page := range pages {
		f := []*folder.Folder{first, second}[page%2]
		all.Go(func() {
			for n := 0; n < lines; {
				file, err := f.File("daily.js")
				if err != nil {
					t.Error(err)
					return
				}
				_, err = f.Save("daily.js", scripts.Save{Text: file.Text + fmt.Sprintf("%d-%d\n", page, n), Version: file.Version})
				if _, conflict := errors.AsType[*scripts.ConflictError](err); conflict {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				n++
			}
		})
	}
	all.Wait()
	text := read(t, dir, "daily.js")
	for page := range pages {
		for n := range lines {
			if !strings.Contains("\n"+text, fmt.Sprintf("\n%d-%d\n", page, n)) {
				t.Errorf("the line of page %d, %d, was lost", page, n)
			}
		}
	}
	if got := left(t, dir); !slices.Equal(got, []string{"daily.js"}) {
		t.Errorf("the folder holds %v", got)
	}
}

// A file is seen as it was or as it is, and never in part, or not at all.
func TestReadersSeeWholeFiles(t *testing.T) {
	t.Parallel()
	texts := []string{strings.Repeat("a", 200_000), strings.Repeat("b", 150_000)}
	f, dir := plugins(t, map[string]string{"daily.js": texts[0]})
	done := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			text, err := os.ReadFile(filepath.Join(dir, "daily.js"))
			if err != nil || !slices.Contains(texts, string(text)) {
				t.Errorf("read %d bytes, %v", len(text), err)
				return
			}
		}
	})
	for n := range 60 {
		if _, err := f.Save("daily.js", scripts.Save{Text: texts[(n+1)%2], Version: version(t, f, "daily.js")}); err != nil {
			t.Error(err)
			break
		}
	}
	close(done)
	reader.Wait()
}
