package scripts

import "time"

// The bounds of what can be edited.
const (
	// MaxFile is how many bytes a file may have.
	MaxFile = 1 << 20
	// MaxDraft is how many bytes all texts of a draft may have, and MaxDraftFiles how many files it may have.
	MaxDraft      = 4 << 20
	MaxDraftFiles = 200
	// MaxListed is how many files are listed.
	MaxListed = 2000
)

// Folder is the plugins folder.
type Folder struct {
	// Name is that of the folder, and Path the whole path on the machine of the host.
	Name string `json:"name"`
	Path string `json:"path"`
	// Present tells that there is such a folder. Writable tells that files can be saved; Why says why not.
	Present  bool   `json:"present"`
	Writable bool   `json:"writable"`
	Why      string `json:"why"`
	// Files are sorted by path. Truncated tells that there are more.
	Files     []Entry `json:"-"`
	Truncated bool    `json:"-"`
	// Plugins are the plugins that lie in the folder, sorted by name.
	Plugins []Plugin `json:"-"`
}

// Entry is one file in a list.
type Entry struct {
	Path     string    `json:"path"`
	Folder   bool      `json:"folder,omitempty"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	// Plugin is the name of the plugin that it belongs to; empty: none. Test tells that it holds tests.
	Plugin string `json:"plugin"`
	Test   bool   `json:"test"`
	// Version is there where it is Editable; Why says why it is not.
	Version  string `json:"version,omitempty"`
	Editable bool   `json:"editable"`
	Why      string `json:"why,omitempty"`
}

// Plugin is what belongs to one plugin.
type Plugin struct {
	Name string
	// Files are its files, the first one first; Tests are the files of tests among them.
	Files, Tests []string
	Permissions  Permissions
}

// Permissions are what the configuration grants to a plugin.
type Permissions struct {
	// Hosts are those that it may reach with fetch. AnyPublicHost tells that none is named, and that it may reach all
	// public ones.
	Hosts         []string `json:"hosts"`
	AnyPublicHost bool     `json:"any_public_host"`
	// Env are the names of the environment variables that it can read.
	Env []string `json:"env"`
	// Timeout is the time limit of a run, in milliseconds.
	Timeout int64 `json:"timeout_ms"`
}

// The line ends of a file.
const (
	LF    = "lf"
	CRLF  = "crlf"
	Mixed = "mixed"
)

// File is a file with its text.
type File struct {
	Path   string `json:"path"`
	Plugin string `json:"plugin"`
	Test   bool   `json:"test"`
	// Version is that of the bytes on disk.
	Version string `json:"version"`
	// Text has line ends \n and no byte order mark, whatever the file has.
	Text     string    `json:"text"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	// Mode are the permissions in octal, such as 0644.
	Mode string `json:"mode"`
	// LineEnds is [LF], [CRLF] or [Mixed].
	LineEnds      string `json:"line_ends"`
	ByteOrderMark bool   `json:"byte_order_mark"`
	// Editable tells that it can be saved; Why says why not.
	Editable bool   `json:"editable"`
	Why      string `json:"why"`
}

// Save is a new text for a file.
type Save struct {
	Text string `json:"text"`
	// Version is the one that the text was made from. Empty: there was no such file.
	Version string `json:"version"`
}

// Saved is what came of it.
type Saved struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	Plugin  string `json:"plugin"`
	// Created tells that there was no such file. Unchanged tells that the disk had that text already.
	Created   bool `json:"created"`
	Unchanged bool `json:"unchanged"`
}

// Deleted are the files that were removed.
type Deleted struct {
	Deleted []string `json:"deleted"`
}

// Tree is what is in a folder of the plugins folder.
type Tree struct {
	Path string `json:"path"`
	// Version is over the names and versions of all files, those of packages left out.
	Version string   `json:"version"`
	Files   []string `json:"files"`
	// Packages tells that it holds packages, in node_modules.
	Packages bool `json:"packages"`
}

// Rename asks for another name.
type Rename struct {
	Path    string `json:"path"`
	To      string `json:"to"`
	Version string `json:"version"`
}

// Renamed is what came of it.
type Renamed struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	// Renamed are all names that were changed: tests go with their plugin.
	Renamed []Move `json:"renamed"`
}

// Move is one change of a name.
type Move struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Template is what a new plugin can be made from.
type Template struct {
	Name string `json:"name"`
	// Summary says what it does, and Permissions what it has to be granted; empty: nothing.
	Summary     string         `json:"summary"`
	Permissions string         `json:"permissions"`
	Files       []TemplateFile `json:"files"`
}

// TemplateFile is one file of a template.
type TemplateFile struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// Create asks for a plugin.
type Create struct {
	Template string `json:"template"`
	Name     string `json:"name"`
}

// Created is what came of it.
type Created struct {
	Plugin string `json:"plugin"`
	// File is its first file, and Files are all.
	File  string   `json:"file"`
	Files []string `json:"files"`
}
