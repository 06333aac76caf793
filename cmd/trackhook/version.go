package main

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/license"
	"trackhook/cmd/trackhook/internal/terminal"
)

// built is what the binary knows of itself.
type built struct {
	Version string `json:"version"`
	// Commit is the whole hash, and Time when it was made; empty when the binary was not built from a repository. Changed says
	// that files were not as in the commit.
	Commit  string `json:"commit,omitempty"`
	Time    string `json:"time,omitempty"`
	Changed bool   `json:"changed,omitempty"`
	Go      string `json:"go"`
	System  string `json:"system"`
	// Modules are those that are linked in, and Go's own library before them.
	Modules []linked `json:"modules"`
}

// linked is a module that is linked in.
type linked struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	License string `json:"license"`

	files []license.File
}

func newVersion() *cobra.Command {
	var licenses, asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version, the commit, and the licenses of what is linked in",
		Args:  command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := readBuilt()
			switch {
			case err != nil:
				return err
			case asJSON:
				return terminal.JSON(cmd.OutOrStdout(), b)
			case licenses:
				return b.printLicenses(cmd.OutOrStdout())
			default:
				return b.print(cmd.OutOrStdout())
			}
		},
	}
	cmd.Flags().BoolVar(&licenses, "licenses", false, "print the licenses of what is linked in, with their texts")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with the modules that are linked in")
	return cmd
}

func readBuilt() (*built, error) {
	b := &built{Version: version(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	known, err := license.Modules()
	if err != nil {
		return nil, err
	}
	licenses := make(map[string]*license.Module, len(known))
	for i := range known {
		licenses[known[i].Path] = &known[i]
	}
	b.link(licenses, license.Go, b.Go)
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b, nil
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Changed = s.Value == "true"
		}
	}
	for _, dep := range info.Deps {
		b.link(licenses, dep.Path, dep.Version)
	}
	for i := range known { // packages of npm that modules for scripts are made of
		if strings.HasPrefix(known[i].Path, "npm:") {
			b.link(licenses, known[i].Path, "bundled")
		}
	}
	return b, nil
}

// link adds a module. One whose license is not held is what another program has linked in, such as a test of this one.
func (b *built) link(licenses map[string]*license.Module, path, version string) {
	m := linked{Path: path, Version: version, License: "see https://pkg.go.dev/" + path + "?tab=licenses"}
	if known := licenses[path]; known != nil {
		m.License, m.files = known.License, known.Files
	}
	b.Modules = append(b.Modules, m)
}

func (b *built) print(out io.Writer) error {
	commit := cmp.Or(b.Commit, "not known: it was not built in a repository")
	if b.Time != "" {
		commit += " of " + b.Time
	}
	if b.Changed {
		commit += ", with changes"
	}
	_, err := fmt.Fprintf(out, "trackhook %s\ncommit    %s\nbuilt     %s %s\nlinked    Go's library and %s; --licenses prints their licenses\n",
		b.Version, commit, b.Go, b.System, terminal.Number(len(b.Modules)-1, "module"))
	return err
}

// printLicenses prints a line for each module, and then each text once, under the files that it stands in.
func (b *built) printLicenses(out io.Writer) error {
	var text strings.Builder
	var order []string
	places := map[string][]string{}
	for i := range b.Modules {
		m := &b.Modules[i]
		fmt.Fprintf(&text, "%s %s: %s\n", m.Path, m.Version, m.License)
		for _, file := range m.files {
			if places[file.Text] == nil {
				order = append(order, file.Text)
			}
			places[file.Text] = append(places[file.Text], m.Path+", "+file.Name)
		}
	}
	for _, license := range order {
		fmt.Fprintf(&text, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 80), strings.Join(places[license], "\n"), license)
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// version is the module's version, which the go command makes of the commit where there is no tag, or "dev".
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}
