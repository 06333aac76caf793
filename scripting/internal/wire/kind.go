package wire

import (
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/script"
)

// Version is that of the protocol. Host and worker are the same binary, so another version is a mistake.
const Version = 1

// Kind says what a frame holds.
type Kind byte

// What a host says.
const (
	// Load begins a version: JSON of [Start].
	Load Kind = iota + 1
	// Answer is the answer to a Call: its number, an [ErrorCode], a text, and bytes.
	Answer
	// Handle hands over responses; Stop asks to end after the one in hand.
	Handle
	Stop
	// GoLive and Retire are those of an instance.
	GoLive
	Retire
	// Hosts are the hosts that fetch may reach from now on: strings.
	Hosts
	// Stored are values of the plugin's localStorage that another version has written: pairs.
	Stored
	// Level is the level of the log from now on.
	Level
	// Close ends the version at once, whatever it does.
	Close
	// Errand is something to do once, in the place of a version: see [Task]. Told answers an Ask.
	Errand
	Told
)

// What a worker says.
const (
	// Ready is the first frame of a process, on channel 0: the version of the protocol.
	Ready Kind = iota + 64
	// Loaded is how the load went: JSON of [Outcome].
	Loaded
	// Call asks for something: its number, an [Op], how long it may take, and what it is about.
	Call
	// Line is a line of the log, as JSON; SaidLines are some that have nothing but a text, as [Said].
	Line
	SaidLines
	// Handled is how a Handle went: see [Result].
	Handled
	// Progress is how many responses of the batch in hand are done, with all that they have caused.
	Progress
	// Live tells that what the top level has tracked was sent.
	Live
	// Status is JSON of [State], whenever it has changed.
	Status
	// Quarantined is JSON of a [script.Error]: the version is not run any more.
	Quarantined
	// Retired is the last frame of a version.
	Retired
	// Ask asks the host for something that an errand needs, and waits for Told. Done is how the errand went.
	Ask
	Done
)

// Op is what a worker asks for.
type Op byte

// The ops. Each is named like what it does at the host.
const (
	Read Op = iota + 1
	Track
	Value
	Values
	SetValues
	Lock
	Unlock
	First
)

// Start is what a version runs with.
type Start struct {
	Plugin, Root, Entry string
	Apps                []engine.App
	DefaultApp          engine.App
	Device              map[string]string
	AllowHosts          []string
	Env                 map[string]string
	Timeout, Grace      time.Duration
	Level               int8
	// Held is that of an instance; Again tells that what the top level tracks was sent, from a process that was lost.
	Held, Again bool
	// Memory is how many bytes the process may use. Shared tells that other versions run in it, too, and Board is the descriptor
	// of the file in which it notes which of them run at a moment: a byte each, at the number of their channel.
	Memory int64
	Shared bool
	Board  int64
}

// BoardSize is how many bytes of a board are there from the start, on systems where that makes a difference.
const BoardSize = 64 << 10

// What a board says of a version: that it runs at this moment; that it does not, and has run since it was handed responses of which
// nothing was told yet; or neither.
const (
	AtRest byte = iota
	Runs
	Unsettled
)

// Outcome is how a load went. Error and Text are nil and empty when it went well; Text is for errors of the host. Stuck tells
// that it goes on although it was interrupted.
type Outcome struct {
	Error *script.Error
	Text  string
	Stuck bool
	State State
}

// State is what a version listens to, and what keeps it from hearing.
type State struct {
	Registered []Registration
	Warnings   []*script.Error
	// Walls are what the system keeps from the process, see [FilesWall] and the others.
	Walls []string `json:",omitempty"`
}

// The walls.
const (
	// FilesWall: files, save those that are needed to find names, to trust servers and to tell the time.
	FilesWall = "files"
	// SystemCallsWall: running programs, listening, and reaching into other processes or the system.
	SystemCallsWall = "system_calls"
)

// Registration is one app that a plugin listens to.
type Registration struct {
	App       engine.App
	Listeners []string
}
