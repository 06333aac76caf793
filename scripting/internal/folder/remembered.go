package folder

import "sync"

// maxRemembered bounds the texts that are remembered, in bytes.
const maxRemembered = 8 << 20

// remembered are the texts that were handed out last, by path and version: what an edit was made from is shown in a conflict.
// It may be used from many goroutines at once. The zero value is empty.
type remembered struct {
	mu    sync.Mutex
	texts map[[2]string]string
	order [][2]string // the latest last
	bytes int
}

func (r *remembered) add(path, version, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := [2]string{path, version}
	if _, known := r.texts[key]; known {
		return
	}
	if r.texts == nil {
		r.texts = map[[2]string]string{}
	}
	r.texts[key] = text
	r.order = append(r.order, key)
	for r.bytes += len(text); r.bytes > maxRemembered; {
		oldest := r.order[0]
		r.bytes -= len(r.texts[oldest])
		delete(r.texts, oldest)
		r.order = r.order[1:]
	}
}

func (r *remembered) find(path, version string) (text string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	text, ok = r.texts[[2]string{path, version}]
	return text, ok
}
