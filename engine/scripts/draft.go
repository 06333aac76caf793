package scripts

import (
	"encoding/json"
	"time"

	"trackhook/engine"
)

// Draft is a plugin with changes that are not saved.
type Draft struct {
	// Plugin is its name. It may be in Files alone. A check without one looks at Files alone, and runs nothing.
	Plugin string `json:"plugin"`
	// Files are unsaved texts by path; nil is a file that is to be gone. All others are as on disk.
	Files map[string]*string `json:"files"`
}

// The severities of a [Problem].
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
)

// Problem is something that is wrong with a script.
type Problem struct {
	Severity string `json:"severity"`
	Message  string `json:"message"`
	// File is the name in messages, such as plugins/daily.js, and Path the path of that file.
	File   string `json:"file,omitempty"`
	Path   string `json:"path,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Length int    `json:"length,omitempty"`
	// Source is the line, and Notes are what may help.
	Source string   `json:"source,omitempty"`
	Notes  []string `json:"notes,omitempty"`
}

// Line is a line that a script printed, or that the host has to say about it.
type Line struct {
	Level string `json:"level"`
	Text  string `json:"text"`
}

// Registration is one app that a plugin listens to.
type Registration struct {
	AppToken    string   `json:"app_token"`
	Environment string   `json:"environment"`
	Listeners   []string `json:"listeners"`
}

// Checked is what a check has found out.
type Checked struct {
	Plugin  string `json:"plugin"`
	Version string `json:"version"`
	// OK tells that it could be loaded.
	OK       bool      `json:"ok"`
	Problems []Problem `json:"problems"`
	// Registered is what it listens to. Lines, and Tracked in words, are what its top level did.
	Registered []Registration `json:"registered"`
	Lines      []Line         `json:"lines"`
	Tracked    []string       `json:"tracked"`
	// Isolated tells that it ran in a process of its own. Took is in milliseconds.
	Isolated bool    `json:"isolated"`
	Took     float64 `json:"took_ms"`
}

// The bounds of a trial.
const (
	// DefaultAnswers is how many answers a draft is tried on, and MaxAnswers how many at most.
	DefaultAnswers = 100
	MaxAnswers     = 500
)

// Trial asks for a draft to be tried.
type Trial struct {
	Draft
	Answers Answers `json:"answers"`
	// Against is the version to compare with: [Running], [None], or a version that was kept. Empty: [Running].
	Against string `json:"against"`
	// Stored lets localStorage begin with a copy of what the plugin has stored; else it begins empty.
	Stored bool `json:"stored"`
}

// What a draft can be compared with beside a version.
const (
	Running = "running"
	None    = "none"
)

// Answers says what to try a draft on: the last of the log, chosen ones, or typed ones. The zero value is the last
// [DefaultAnswers].
type Answers struct {
	// Last is how many of the latest, of those that match. The lists are alternatives; an empty one takes all.
	Last       int      `json:"last"`
	Outcome    []string `json:"outcome"`
	EventToken []string `json:"event_token"`
	Kind       []string `json:"kind"`
	AppToken   string   `json:"app_token"`
	// Seqs are the numbers of chosen ones.
	Seqs []uint64 `json:"seqs"`
	// Typed are made up.
	Typed []TypedAnswer `json:"typed"`
}

// TypedAnswer is an answer that nobody has given.
type TypedAnswer struct {
	// Listener is eventSuccess, eventFailure, sessionSuccess, sessionFailure or response; Response is what a test would pass to
	// the method of that name.
	Listener string          `json:"listener"`
	Response json.RawMessage `json:"response"`
}

// Verdict is how a draft compares with the other version.
type Verdict string

// Tried is what came of a trial.
type Tried struct {
	Plugin  string       `json:"plugin"`
	Draft   DraftSide    `json:"draft"`
	Against AgainstSide  `json:"against"`
	Top     Compared     `json:"top_level"`
	Answers []Answered   `json:"answers"`
	Summary TrialSummary `json:"summary"`
	// Stopped is why not all answers were run; empty: they were. Cut tells that not all output is there.
	Stopped string `json:"stopped"`
	Cut     bool   `json:"cut"`
	// Scanned counts the answers of the log that were looked at.
	Scanned  int     `json:"scanned"`
	Isolated bool    `json:"isolated"`
	Took     float64 `json:"took_ms"`
}

// DraftSide is the draft.
type DraftSide struct {
	Version string `json:"version"`
	// Problem is why it cannot be loaded; nil: it can.
	Problem *Problem `json:"problem"`
}

// AgainstSide is what it was compared with. Without a Version, Why says why there is nothing.
type AgainstSide struct {
	Version string `json:"version"`
	Why     string `json:"why"`
}

// Compared is what the two did.
type Compared struct {
	Verdict Verdict `json:"verdict"`
	Running []Act   `json:"running"`
	Draft   []Act   `json:"draft"`
}

// Answered is what the two did for one answer.
type Answered struct {
	Seq        uint64      `json:"seq"`
	At         time.Time   `json:"at"`
	ID         string      `json:"id"`
	Kind       engine.Kind `json:"kind"`
	EventToken string      `json:"event_token"`
	CallbackID string      `json:"callback_id"`
	Outcome    string      `json:"outcome"`
	Attempt    int         `json:"attempt"`
	WillRetry  bool        `json:"will_retry"`
	Typed      bool        `json:"typed"`
	Compared
}

// TrialSummary counts verdicts.
type TrialSummary struct {
	Answers        int `json:"answers"`
	Same           int `json:"same"`
	Differs        int `json:"differs"`
	NowThrows      int `json:"now_throws"`
	NoLongerThrows int `json:"no_longer_throws"`
	Unknown        int `json:"unknown"`
}

// The types of an [Act].
const (
	ActLine    = "line"
	ActFetch   = "fetch"
	ActStored  = "stored"
	ActTracked = "tracked"
	ActError   = "error"
)

// Act is one thing that a script did, or would have done.
type Act struct {
	Type string `json:"type"`
	// Text is all of it in words; acts with the same text are the same.
	Text string `json:"text"`
	// Level is of a line, Fetch of a request, Key and Value of what was stored (no value: removed; no key: all removed), Kind
	// of what was tracked; Problem, In and Stack are of an error.
	Level   string      `json:"level,omitempty"`
	Fetch   *Fetch      `json:"fetch,omitempty"`
	Key     *string     `json:"key,omitempty"`
	Value   *string     `json:"value,omitempty"`
	Kind    engine.Kind `json:"kind,omitempty"`
	Problem *Problem    `json:"problem,omitempty"`
	In      string      `json:"in,omitempty"`
	Stack   string      `json:"stack,omitempty"`
}

// Fetch is a request that was not made.
type Fetch struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    string            `json:"body,omitempty"`
}

// Tests asks for tests to be run.
type Tests struct {
	Draft
	// File is one of the files of tests; empty: all of the plugin. Run selects tests by their names, as a regular expression.
	File string `json:"file"`
	Run  string `json:"run"`
}

// Tested is what came of tests.
type Tested struct {
	Plugin   string      `json:"plugin"`
	Files    []TestFile  `json:"files"`
	Summary  TestSummary `json:"summary"`
	Stopped  string      `json:"stopped"`
	Isolated bool        `json:"isolated"`
	Took     float64     `json:"took_ms"`
}

// TestFile is one file of tests.
type TestFile struct {
	File string `json:"file"`
	// Problem is why it could not be loaded, or not run to its end.
	Problem *Problem   `json:"problem"`
	Lines   []Line     `json:"lines"`
	Tests   []TestCase `json:"tests"`
	Took    float64    `json:"took_ms"`
}

// TestCase is one test.
type TestCase struct {
	// Name is the names of the describes around it, and its own.
	Name []string `json:"name"`
	// Status is passed, failed, skipped or todo.
	Status   string    `json:"status"`
	Failures []Problem `json:"failures"`
	Lines    []Line    `json:"lines"`
	Took     float64   `json:"took_ms"`
}

// TestSummary counts tests by how they ended.
type TestSummary struct {
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
	Todo    int `json:"todo"`
}
