package scripts

import (
	"context"
	"time"
)

// Editor lets people work on the scripts of a host. Errors that they can do something about are a [*RefusedError] or a
// [*ConflictError]; all others are of the host, and not for them.
type Editor interface {
	// Folder lists all files, and says whether they can be changed.
	Folder(ctx context.Context) (Folder, error)
	// File reads one.
	File(path string) (File, error)
	// Save writes one, or makes it; nothing is overwritten that has another version than the edit was made from.
	Save(path string, edit Save) (Saved, error)
	// Delete removes a file, or a folder with all in it, of that version.
	Delete(path, version string) (Deleted, error)
	// Tree tells what is in a folder, and its version.
	Tree(path string) (Tree, error)
	// Rename gives a file or a folder another name; what has that name already is never replaced.
	Rename(change Rename) (Renamed, error)
	// Templates are what new plugins can be made from.
	Templates() []Template
	// Create makes a plugin from a template.
	Create(from Create) (Created, error)
	// Check loads a draft and says what is wrong with it.
	Check(ctx context.Context, draft Draft) (Checked, error)
	// Try runs a draft on answers, beside the version that runs. Nothing that either does leaves the trial.
	Try(ctx context.Context, trial Trial) (Tried, error)
	// Test runs the tests of a plugin on a draft of it.
	Test(ctx context.Context, tests Tests) (Tested, error)
	// Surface lists the names that scripts find.
	Surface() Surface
}

// Reason is why something is refused.
type Reason int

// The reasons.
const (
	// Invalid: a path, name or version is none.
	Invalid Reason = iota
	// NotFound: there is no such file, plugin or template.
	NotFound
	// NotAllowed: what is asked for lies outside of the folder, or must not be changed.
	NotAllowed
	// Taken: something else has that name.
	Taken
	// TooLarge: beyond the bounds.
	TooLarge
	// NoText: the file is no text.
	NoText
	// NoRoom: the disk is full.
	NoRoom
	// Busy: too much of this is going on at once.
	Busy
)

// RefusedError is why something was not done. Error returns Detail.
type RefusedError struct {
	Reason Reason
	// Title is a few words, and Detail a sentence for people that says what to do.
	Title, Detail string
}

func (e *RefusedError) Error() string { return e.Detail }

// ConflictError means that the disk has another version than the one that a change was made from. Nothing was changed.
type ConflictError struct {
	Conflict Conflict
	// Detail is a sentence for people.
	Detail string
}

func (e *ConflictError) Error() string { return e.Detail }

// Conflict is the three sides of a change that met another one.
type Conflict struct {
	Path string `json:"path"`
	// Base is what the change was made from; nil: that is not known any more. Theirs is what is on disk; nil: nothing. Yours
	// is the change; nil: it has no text.
	Base   *Side `json:"base"`
	Theirs *Side `json:"theirs"`
	Yours  *Side `json:"yours"`
}

// Side is one of the three.
type Side struct {
	Version string `json:"version,omitempty"`
	Text    string `json:"text"`
	// Modified is when a file on disk was written.
	Modified *time.Time `json:"modified,omitempty"`
}
