package source

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"time"
)

const (
	// maxKeptVersions bounds the versions of a plugin whose source is kept, and maxTakeovers the list of when each took
	// over.
	maxKeptVersions = 20
	maxTakeovers    = 1000
	// maxKeptBytes bounds the source of one version, compressed. A larger one is not kept.
	maxKeptBytes = 4 << 20

	takeoversKey = "takeovers"
	versionKey   = "version/"
)

// Space is the space of [engine.Values] in which a host keeps the source of the versions of a plugin that ran.
func Space(plugin string) string { return "source/" + plugin }

// Takeover says which version of a plugin handled the responses behind a place in the log.
type Takeover struct {
	// Version is the version that took over, and After the last response that it did not handle any more: its
	// predecessor did.
	Version string `json:"version"`
	After   uint64 `json:"after"`
	// At is when that was.
	At time.Time `json:"at"`
}

// Kept is what one version was loaded from. Paths are relative to the plugins folder, with slashes.
type Kept struct {
	Version string `json:"version"`
	// File is the plugin's first file.
	File string `json:"file"`
	// Files are the texts, and Missing the paths that were looked at in vain.
	Files   map[string]string `json:"files"`
	Missing []string          `json:"missing,omitempty"`
}

// Source returns what the graph holds now. Files that could not be read count as missing.
func (g *Graph) Source(version, entry string) *Kept {
	g.mu.Lock()
	defer g.mu.Unlock()
	kept := &Kept{Version: version, File: g.relative(entry), Files: map[string]string{}}
	for file, f := range g.files {
		if f.missing || f.err != nil {
			kept.Missing = append(kept.Missing, g.relative(file))
		} else {
			kept.Files[g.relative(file)] = f.text
		}
	}
	slices.Sort(kept.Missing)
	return kept
}

func (g *Graph) relative(file string) string {
	rel, err := filepath.Rel(g.Root, file)
	if err != nil {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(rel)
}

// Fill makes a fresh graph hold the source, so that it is loaded instead of what is on disk.
func (k *Kept) Fill(g *Graph) {
	g.mu.Lock()
	defer g.mu.Unlock()
	add := func(rel, text string, missing bool) {
		file := filepath.Join(g.Root, filepath.FromSlash(rel))
		f := &sourceFile{name: g.Name(file), path: file, text: text, missing: missing, sum: sha256.Sum256([]byte(text))}
		g.files[file] = f
		if !missing {
			g.byName[f.name] = f
		}
	}
	for _, rel := range k.Missing {
		add(rel, "", true)
	}
	for rel, text := range k.Files {
		add(rel, text, false)
	}
}

// ErrTooLarge means that a source is not kept, because of its size.
var ErrTooLarge = errors.New("the source is too large to be kept")

// Encode returns what to store. The error is [ErrTooLarge] when that would be more than is kept.
func (k *Kept) Encode() ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(k); err != nil {
		return nil, fmt.Errorf("encode source: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("encode source: %w", err)
	}
	if b.Len() > maxKeptBytes {
		return nil, ErrTooLarge
	}
	return b.Bytes(), nil
}

func decodeSource(data []byte) (*Kept, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("decode source: %w", err)
	}
	const most = 256 << 20 // what 4 MB may unfold to, within reason
	k := &Kept{}
	if err := json.NewDecoder(io.LimitReader(z, most)).Decode(k); err != nil {
		return nil, fmt.Errorf("decode source: %w", err)
	}
	for _, rel := range append(slices.Collect(maps.Keys(k.Files)), append(k.Missing, k.File)...) {
		if !filepath.IsLocal(filepath.FromSlash(rel)) {
			return nil, fmt.Errorf("decode source: path %q leads out of the plugins folder", rel)
		}
	}
	return k, nil
}

// Sources are the versions of a plugin that ran, as a host has kept them.
type Sources struct {
	// Takeovers are in order, the latest last.
	Takeovers []Takeover
	kept      map[string][]byte
}

// ReadSources reads the values of [Space]. No values are no versions.
func ReadSources(values map[string][]byte) (*Sources, error) {
	s := &Sources{kept: map[string][]byte{}}
	for key, value := range values {
		if len(key) > len(versionKey) && key[:len(versionKey)] == versionKey {
			s.kept[key[len(versionKey):]] = value
		}
	}
	if data := values[takeoversKey]; data != nil {
		if err := json.Unmarshal(data, &s.Takeovers); err != nil {
			return nil, fmt.Errorf("read kept versions: %w", err)
		}
	}
	return s, nil
}

// Values are the values that [ReadSources] has read.
func (s *Sources) Values() (map[string][]byte, error) {
	takeovers, err := json.Marshal(s.Takeovers)
	values := map[string][]byte{takeoversKey: takeovers}
	for version, source := range s.kept {
		values[versionKey+version] = source
	}
	return values, err
}

// Versions names the versions whose source is there, the latest first.
func (s *Sources) Versions() []string {
	var names []string
	for _, t := range slices.Backward(s.Takeovers) {
		if s.kept[t.Version] != nil && !slices.Contains(names, t.Version) {
			names = append(names, t.Version)
		}
	}
	return names
}

// At returns the version that handled a response; empty when that is not known.
func (s *Sources) At(seq uint64) string {
	for _, t := range slices.Backward(s.Takeovers) {
		if seq > t.After {
			return t.Version
		}
	}
	return ""
}

// Source returns nil when the version was not kept.
func (s *Sources) Source(version string) (*Kept, error) {
	data := s.kept[version]
	if data == nil {
		return nil, nil
	}
	return decodeSource(data)
}

// Add notes that a version has taken over, and returns the values to store: nil for those that are let go.
func (s *Sources) Add(t Takeover, source []byte) (map[string][]byte, error) {
	if s.kept == nil {
		s.kept = map[string][]byte{}
	}
	// A version that handled nothing leaves no trace.
	if n := len(s.Takeovers); n > 0 && s.Takeovers[n-1].After == t.After {
		s.Takeovers = s.Takeovers[:n-1]
	}
	if n := len(s.Takeovers); n == 0 || s.Takeovers[n-1].Version != t.Version {
		s.Takeovers = append(s.Takeovers, t)
	}
	s.Takeovers = s.Takeovers[max(0, len(s.Takeovers)-maxTakeovers):]
	changed := map[string][]byte{}
	if source != nil {
		s.kept[t.Version] = source
		changed[versionKey+t.Version] = source
	}
	versions := s.Versions()
	keep := versions[:min(len(versions), maxKeptVersions)]
	for version := range s.kept {
		if !slices.Contains(keep, version) {
			delete(s.kept, version)
			changed[versionKey+version] = nil
		}
	}
	var err error
	changed[takeoversKey], err = json.Marshal(s.Takeovers)
	return changed, err
}
