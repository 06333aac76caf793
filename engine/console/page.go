package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// index is the file that is the page.
const index = "index.html"

// policy is what a browser lets the page do. The editor, which makes styles, puts them into constructed sheets of a shadow root.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// page are the files. They do not change while the process runs.
type page struct {
	files fs.FS
	mu    sync.Mutex
	made  map[string]*file // guarded by mu
}

// file is one of them, with what browsers compare it by.
type file struct {
	text, packed    []byte
	tag, packedTag  string
	kind            string
	packedIsSmaller bool
}

func newPage(files fs.FS) *page { return &page{files: files, made: map[string]*file{}} }

// serve serves a file, and the page itself for a path that has no dot in its last part.
func (p *page) serve(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if !strings.Contains(path.Base(name), ".") || name == "" {
		name = index
	}
	h.Set("Content-Security-Policy", policy)
	f := p.find(name)
	if f == nil {
		detail := "the console has no such file"
		if name == index {
			detail = "this build has no console"
		}
		refuse(w, http.StatusNotFound, "Not found", detail)
		return
	}
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "no-cache") // it is asked for again, and not sent again
	h.Set("Vary", "Accept-Encoding")
	text, tag := f.text, f.tag
	if f.packedIsSmaller && takesGzip(r.Header.Get("Accept-Encoding")) {
		text, tag = f.packed, f.packedTag
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
}

// find returns a file, nil for none.
func (p *page) find(name string) *file {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f, ok := p.made[name]; ok {
		return f
	}
	text, err := fs.ReadFile(p.files, name)
	if err != nil {
		return nil // not kept: askers choose the names
	}
	sum := sha256.Sum256(text)
	tag := hex.EncodeToString(sum[:12])
	f := &file{text: text, tag: `"` + tag + `"`, packedTag: `"` + tag + `-gzip"`, kind: kindOf(name)}
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write(text) // to memory
	_ = writer.Close()
	f.packed, f.packedIsSmaller = packed.Bytes(), packed.Len() < len(text)
	p.made[name] = f
	return f
}

// kindOf is the type of a file. What the system thinks of names does not matter.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".json":
		return "application/json"
	default:
		return "application/octet-stream"
	}
}

// takesGzip reads an Accept-Encoding header.
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		coding, params, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			return strings.TrimRight(strings.ReplaceAll(params, " ", ""), "0.") != "q=" // not with q=0
		}
	}
	return false
}
