package source

import "crypto/sha256"

// Seen is what a graph has read, without the texts: what is needed to tell later whether any of it is another now.
type Seen struct {
	Root  string
	Files []SeenFile
}

// SeenFile is one path that was looked at.
type SeenFile struct {
	Path string
	Sum  [sha256.Size]byte
	// Missing and Failed tell that there was nothing, or that it could not be read.
	Missing, Failed bool
}

// Seen returns what the graph has read so far.
func (g *Graph) Seen() Seen {
	g.mu.Lock()
	defer g.mu.Unlock()
	seen := Seen{Root: g.Root, Files: make([]SeenFile, 0, len(g.files))}
	for _, f := range g.files {
		seen.Files = append(seen.Files, SeenFile{Path: f.path, Sum: f.sum, Missing: f.missing, Failed: f.err != nil})
	}
	return seen
}

// Changed tells whether any of the files has another content on disk now, has gone, or has appeared.
func (s *Seen) Changed() bool {
	for i := range s.Files {
		f := &s.Files[i]
		text, missing, err := readSource(s.Root, f.Path)
		if (err != nil) != f.Failed || missing != f.Missing || sha256.Sum256([]byte(text)) != f.Sum {
			return true
		}
	}
	return false
}
