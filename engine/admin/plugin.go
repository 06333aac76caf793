package admin

import "time"

// State is what a plugin is doing.
type State string

// The states of a plugin.
const (
	// Loading: its first version has not been tried yet; its responses wait.
	Loading State = "loading"
	// Live: the version on disk runs.
	Live State = "live"
	// BrokenEdit: the version on disk is broken; the last good one goes on.
	BrokenEdit State = "broken_edit"
	// Broken: no version has ever been good since the start; its responses wait.
	Broken State = "broken"
	// Quarantined: its runs were too long or it lost its runtime again and again; its responses wait for the next edit.
	Quarantined State = "quarantined"
	// Deleted: its file is gone; nothing runs.
	Deleted State = "deleted"
)

// Healthy tells whether nobody has to act.
func (s State) Healthy() bool { return s != Broken && s != BrokenEdit && s != Quarantined }

// Plugin is what is known about one plugin. Times that have no meaning yet are zero and left out of the JSON.
type Plugin struct {
	// Name is the file's name without extension, or the folder's name; File is the path of its first file.
	Name string `json:"name"`
	File string `json:"file"`
	// State is one of the constants; later hosts may add some.
	State State `json:"state"`
	// Disk and Running are the short hashes of what lies on disk and of what runs. Empty: nothing.
	Disk    string `json:"disk"`
	Running string `json:"running"`
	// Since is when the state began.
	Since time.Time `json:"since,omitzero"`
	// Reloads counts the swaps since the host started, and LastReload is when the last one was.
	Reloads    uint64    `json:"reloads"`
	LastReload time.Time `json:"last_reload,omitzero"`
	// LastError is the newest problem, of loading or of a run. Nil: none, or none since it was mended.
	LastError *PluginError `json:"last_error,omitempty"`
	// Registered lists what the running version listens to.
	Registered []Registration `json:"registered"`
	// Runs and Errors count listener calls and those that failed, since the host started.
	Runs   uint64 `json:"runs"`
	Errors uint64 `json:"errors"`
	// Cursor is the sequence number of the last response that it has handled; Lag counts the newer ones in the log.
	Cursor uint64 `json:"cursor"`
	Lag    uint64 `json:"lag"`
}

// PluginError is a problem in a script. Line and Column count from 1; 0 is unknown.
type PluginError struct {
	Message string    `json:"message"`
	File    string    `json:"file,omitempty"`
	Line    int       `json:"line,omitempty"`
	Column  int       `json:"column,omitempty"`
	Since   time.Time `json:"since,omitzero"`
}

// Registration is one app that a plugin listens to.
type Registration struct {
	AppToken    string `json:"app_token"`
	Environment string `json:"environment"`
	// Listeners names the kinds of listener, such as "event_success".
	Listeners []string `json:"listeners"`
}
