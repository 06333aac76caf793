package folder

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/source"
)

// emptyTemplate is the one that is always there.
const emptyTemplate = "empty"

const emptyText = `const adjustConfig = new AdjustConfig(appToken, environment);

adjustConfig.setEventTrackingSucceededCallbackListener(function (event) {
  console.log("counted", event.eventToken);
});

adjustConfig.setEventTrackingFailedCallbackListener(function (event) {
  console.warn("not counted", event.eventToken, event.message, event.willRetry ? "and sent again" : "and given up");
});

Adjust.create(adjustConfig);
`

// Templates are what new plugins can be made from, the empty one first.
func (f *Folder) Templates() []scripts.Template {
	all := []scripts.Template{{
		Name: emptyTemplate, Summary: "Prints a line for every answer to an event.",
		Files: []scripts.TemplateFile{{Path: emptyTemplate + ".js", Text: emptyText}},
	}}
	if f.cfg.Templates == nil {
		return all
	}
	entries, err := fs.ReadDir(f.cfg.Templates, ".")
	if err != nil {
		return all
	}
	for _, d := range entries {
		if t, ok := f.template(d); ok {
			all = append(all, t)
		}
	}
	return all
}

// template is what an entry of the templates makes; false: it is none, such as tests.
func (f *Folder) template(d fs.DirEntry) (scripts.Template, bool) {
	name, first := d.Name(), ""
	if d.IsDir() {
		for _, kind := range source.Kinds() {
			if _, err := fs.Stat(f.cfg.Templates, path.Join(name, "index"+kind)); err == nil {
				first = path.Join(name, "index"+kind)
				break
			}
		}
	} else if slices.Contains(source.Kinds(), path.Ext(name)) && !source.IsTest(name) {
		first = name
		name = strings.TrimSuffix(name, path.Ext(name))
	}
	if first == "" {
		return scripts.Template{}, false
	}
	t := scripts.Template{Name: name}
	_ = f.eachFile(name, func(at string, text []byte) error { // they are in memory
		if !strings.Contains(at, "node_modules/") && isText(text) {
			t.Files = append(t.Files, scripts.TemplateFile{Path: at, Text: string(text)})
		}
		return nil
	})
	slices.SortStableFunc(t.Files, func(a, b scripts.TemplateFile) int {
		return rank(a.Path, first) - rank(b.Path, first)
	})
	t.Summary, t.Permissions = described(t.Files[0].Text, name)
	return t, true
}

func rank(file, first string) int {
	if file == first {
		return 0
	}
	return 1
}

// eachFile calls each for the files of a template: those of its folder, or a file and its tests.
func (f *Folder) eachFile(name string, each func(at string, text []byte) error) error {
	return fs.WalkDir(f.cfg.Templates, ".", func(at string, d fs.DirEntry, err error) error {
		top, _, inside := strings.Cut(at, "/")
		switch {
		case err != nil || at == ".":
			return err
		case d.IsDir() && !inside && top != name:
			return fs.SkipDir
		case d.IsDir():
			return nil
		case !inside && strings.TrimSuffix(at, path.Ext(at)) != name && (!source.IsTest(at) || source.TestedName(at) != name):
			return nil
		}
		text, err := fs.ReadFile(f.cfg.Templates, at)
		if err != nil {
			return err
		}
		return each(at, text)
	})
}

// described takes from the comment at the beginning of a script what it does, which is its first sentence, and what it has
// to be granted.
func described(text, name string) (summary, permissions string) {
	var comment []string
	for line := range strings.Lines(text) {
		words, ok := strings.CutPrefix(strings.TrimSpace(line), "//")
		if !ok {
			break
		}
		if granted := strings.TrimSpace(words); strings.HasPrefix(granted, name+": {") {
			permissions = strings.TrimPrefix(granted, name+": ")
		}
		comment = append(comment, strings.TrimSpace(words))
	}
	summary = strings.Join(comment, " ")
	if end := regexp.MustCompile(`[.:](\s|$)`).FindStringIndex(summary); end != nil {
		summary = summary[:end[0]] + "."
	}
	return summary, permissions
}

// Create makes a plugin from a template.
func (f *Folder) Create(from scripts.Create) (scripts.Created, error) {
	none := scripts.Created{}
	if !source.GoodName(from.Name) || badName(from.Name) != "" || badName(from.Name+".js") != "" || source.IsTest(from.Name+".js") {
		return none, refuse(scripts.Invalid, "Invalid name",
			"%q cannot be a plugin's name: give letters, digits, dashes, underscores and dots, at most %d, beginning with a letter or a digit", from.Name, source.MaxName)
	}
	templates := f.Templates()
	n := slices.IndexFunc(templates, func(t scripts.Template) bool { return t.Name == from.Template })
	if n < 0 {
		return none, refuse(scripts.NotFound, "Template not found", "there is no template %q", from.Template)
	}
	root, err := f.begin()
	if err != nil {
		return none, err
	}
	defer f.end(root)
	found, err := source.Scan(f.cfg.Dir)
	if err != nil {
		return none, unreadable(from.Name, err)
	}
	for i := range found.Entries {
		if found.Entries[i].Name == from.Name {
			return none, taken(found.Entries[i].File)
		}
	}
	created, err := f.plant(root, &templates[n], from.Name)
	if errors.Is(err, fs.ErrExist) {
		return none, taken(from.Name)
	}
	if err != nil {
		return none, failed(from.Name, err)
	}
	return created, nil
}

// plant writes the files of a template, the first one last: the host loads a plugin when it is whole.
func (f *Folder) plant(root *os.Root, t *scripts.Template, name string) (scripts.Created, error) {
	created := scripts.Created{Plugin: name, File: renamed(t.Files[0].Path, t.Name, name)}
	if strings.Contains(created.File, "/") {
		return created, f.plantFolder(root, t, &created)
	}
	for n := range slices.Backward(t.Files) {
		file := &t.Files[n]
		at := renamed(file.Path, t.Name, name)
		if err := makeNew(root, at, []byte(personal(file.Text, t.Name, name))); err != nil {
			for _, made := range created.Files {
				_ = root.Remove(made) // the plugin is not made in part
			}
			return created, err
		}
		created.Files = append(created.Files, at)
	}
	slices.Reverse(created.Files)
	return created, nil
}

// plantFolder writes a template with a folder of its own, beside, and then gives it its name.
func (f *Folder) plantFolder(root *os.Root, t *scripts.Template, created *scripts.Created) (err error) {
	beside := besideName(created.Plugin)
	defer func() {
		if err != nil {
			_ = root.RemoveAll(beside) // what failed is told
		}
	}()
	err = f.eachFile(t.Name, func(at string, text []byte) error {
		inside := strings.TrimPrefix(at, t.Name+"/")
		if !strings.Contains(inside, "node_modules/") {
			created.Files = append(created.Files, path.Join(created.Plugin, inside))
		}
		if err := root.MkdirAll(path.Join(beside, path.Dir(inside)), 0o755); err != nil {
			return err
		}
		return root.WriteFile(path.Join(beside, inside), []byte(personal(string(text), t.Name, created.Plugin)), 0o644)
	})
	if err != nil {
		return err
	}
	first := slices.Index(created.Files, created.File)
	created.Files = append([]string{created.File}, slices.Delete(created.Files, first, first+1)...)
	if err := move(root, beside, created.Plugin); err != nil {
		return err
	}
	return syncFolder(root, ".")
}

// renamed is the path of a template's file in a plugin of another name.
func renamed(at, from, to string) string {
	if rest, ok := strings.CutPrefix(at, from); ok && (rest == "" || rest[0] == '.' || rest[0] == '/') {
		return to + rest
	}
	return at
}

// personal is the text of a template's file in a plugin of another name: where it speaks of itself.
func personal(text, from, to string) string {
	return strings.NewReplacer("./"+from+".", "./"+to+".", " "+from+": {", " "+to+": {").Replace(text)
}
