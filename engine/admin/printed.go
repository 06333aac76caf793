package admin

import (
	"strings"
	"time"
)

// Line is what a plugin has printed.
type Line struct {
	At    time.Time `json:"at"`
	Level string    `json:"level"`
	Text  string    `json:"text"`
}

// Printed is a line with who has printed it.
type Printed struct {
	Plugin  string
	Version string
	// Seq is the response that the plugin ran on at that moment. Zero: none.
	Seq uint64
	Line
}

// listeningPlugin is the name of the plugin that is a listener of the log, empty when it is none of these.
func listeningPlugin(listener string, plugins []Plugin) string {
	for i := range plugins {
		if name := plugins[i].Name; name == listener || strings.HasSuffix(listener, "/"+name) {
			return name
		}
	}
	return ""
}

// mostLines bounds the lines of one run that are told.
const mostLines = 20

// addLines adds what was printed to the runs of a response.
func addLines(runs []Run, printed []Printed, plugins []Plugin, most int) {
	for i := range runs {
		run := &runs[i]
		run.Plugin = listeningPlugin(run.Listener, plugins)
		for j := range printed {
			switch {
			case run.Plugin == "" || printed[j].Plugin != run.Plugin:
			case len(run.Lines) < most:
				run.Lines = append(run.Lines, printed[j].Line)
			default:
				run.LinesLeftOut++
			}
		}
	}
}

// printedOn returns what was printed on a response, as far as it is kept.
func (a *api) printedOn(seq uint64) []Printed {
	all, _ := a.cfg.Printed(0)
	var of []Printed
	for i := range all {
		if all[i].Seq == seq {
			of = append(of, all[i])
		}
	}
	return of
}
