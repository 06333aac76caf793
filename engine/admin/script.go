package admin

import (
	"errors"
	"net/http"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/scripts"
	"trackhook/engine/site"
)

// The paths for scripts.
const (
	scriptsPath        = "/api/v1/scripts"
	scriptFilePath     = scriptsPath + "/file"
	scriptFolderPath   = scriptsPath + "/folder"
	scriptRenamePath   = scriptsPath + "/rename"
	scriptTemplatePath = scriptsPath + "/templates"
	scriptCreatePath   = scriptsPath + "/create"
	scriptCheckPath    = scriptsPath + "/check"
	scriptTryPath      = scriptsPath + "/try"
	scriptTestPath     = scriptsPath + "/test"
	scriptSurfacePath  = scriptsPath + "/surface"
)

// scriptRoutes are the routes for scripts. What is sent to those that are no GET may run in the host.
func (a *api) scriptRoutes() []route {
	get, put, post, remove := http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete
	return []route{
		{method: get, path: scriptsPath, serve: a.scripts, need: site.Read},
		{method: get, path: scriptFilePath, serve: a.scriptFile, need: site.Read},
		{method: put, path: scriptFilePath, serve: a.saveScript, need: site.Scripts},
		{method: remove, path: scriptFilePath, serve: a.deleteScript, need: site.Scripts},
		{method: get, path: scriptFolderPath, serve: a.scriptFolder, need: site.Read},
		{method: post, path: scriptRenamePath, serve: a.renameScript, need: site.Scripts},
		{method: get, path: scriptTemplatePath, serve: a.scriptTemplates, need: site.Read},
		{method: post, path: scriptCreatePath, serve: a.createScript, need: site.Scripts},
		{method: post, path: scriptCheckPath, serve: a.checkScript, need: site.Scripts},
		{method: post, path: scriptTryPath, serve: a.tryScript, need: site.Scripts},
		{method: post, path: scriptTestPath, serve: a.testScript, need: site.Scripts},
		{method: get, path: scriptSurfacePath, serve: a.scriptSurface, need: site.Read},
	}
}

// scriptList is the answer of the list.
type scriptList struct {
	Folder    scripts.Folder  `json:"folder"`
	Plugins   []scriptPlugin  `json:"plugins"`
	Files     []scripts.Entry `json:"files"`
	Truncated bool            `json:"truncated"`
}

// scriptPlugin is a plugin with what belongs to it.
type scriptPlugin struct {
	Plugin
	Permissions scripts.Permissions `json:"permissions"`
	Files       []string            `json:"files"`
	Tests       []string            `json:"tests"`
}

// editor returns the editor, after it has looked at the query.
func (a *api) editor(r *http.Request, allowed ...string) (scripts.Editor, query, error) {
	q, err := parseQuery(r, allowed...)
	if err != nil {
		return nil, nil, err
	}
	if a.cfg.Scripts == nil {
		return nil, nil, &refusal{status: http.StatusNotImplemented, message: "Not implemented", detail: "this host has no scripts to work on"}
	}
	return a.cfg.Scripts, q, nil
}

// scripts answers with the plugins and the files.
func (a *api) scripts(w http.ResponseWriter, r *http.Request) error {
	editor, _, err := a.editor(r)
	if err != nil {
		return err
	}
	folder, err := editor.Folder(r.Context())
	if err != nil {
		return a.scriptError(r, err)
	}
	body := scriptList{Folder: folder, Plugins: []scriptPlugin{}, Files: folder.Files, Truncated: folder.Truncated}
	if body.Files == nil {
		body.Files = []scripts.Entry{}
	}
	for _, plugin := range a.pluginRows() {
		row := scriptPlugin{Plugin: plugin, Permissions: scripts.Permissions{Hosts: []string{}, Env: []string{}}, Files: []string{}, Tests: []string{}}
		for i := range folder.Plugins {
			if p := &folder.Plugins[i]; p.Name == plugin.Name && plugin.State != Removed {
				row.Permissions, row.Files, row.Tests = p.Permissions, p.Files, p.Tests
			}
		}
		body.Plugins = append(body.Plugins, row)
	}
	a.write(w, http.StatusOK, body)
	return nil
}

// required returns a parameter that must be there.
func (q query) required(name, example string) (string, error) {
	value, given := q[name]
	if !given {
		return "", badRequest("Invalid "+name, "the parameter %s is missing; give one, such as %s=%s", name, name, example)
	}
	return value, nil
}

// scriptFile answers with a file.
func (a *api) scriptFile(w http.ResponseWriter, r *http.Request) error {
	return a.scriptAt(w, r, "daily.js", func(editor scripts.Editor, path string) (any, error) { return editor.File(path) })
}

// scriptFolder answers with what is in a folder.
func (a *api) scriptFolder(w http.ResponseWriter, r *http.Request) error {
	return a.scriptAt(w, r, "daily", func(editor scripts.Editor, path string) (any, error) { return editor.Tree(path) })
}

// scriptAt answers with what is at a path.
func (a *api) scriptAt(w http.ResponseWriter, r *http.Request, example string, read func(scripts.Editor, string) (any, error)) error {
	editor, q, err := a.editor(r, "path")
	if err != nil {
		return err
	}
	path, err := q.required("path", example)
	if err != nil {
		return err
	}
	there, err := read(editor, path)
	if err != nil {
		return a.scriptError(r, err)
	}
	a.write(w, http.StatusOK, there)
	return nil
}

// saveForm is the form of a save. JSON may take several bytes for one of a text.
func saveForm() jsonForm {
	return jsonForm{
		most: 4 * scripts.MaxFile, large: "a file may have 1 MiB", like: `{"text":"...","version":"of the file that it was made from, or empty"}`,
	}
}

// saveScript saves a file.
func (a *api) saveScript(w http.ResponseWriter, r *http.Request) error {
	editor, q, err := a.editor(r, "path")
	if err != nil {
		return err
	}
	path, err := q.required("path", "daily.js")
	if err != nil {
		return err
	}
	var edit struct {
		Text    *string `json:"text"`
		Version *string `json:"version"`
	}
	if err := readJSON(w, r, saveForm(), &edit); err != nil {
		return err
	}
	if edit.Text == nil || edit.Version == nil {
		return badRequest("Invalid body", "text and version are required; send %s", saveForm().like)
	}
	saved, err := editor.Save(path, scripts.Save{Text: *edit.Text, Version: *edit.Version})
	if err != nil {
		return a.scriptError(r, err)
	}
	if !saved.Unchanged {
		a.audit(r).Str("path", path).Str("version", saved.Version).Str("before", *edit.Version).Bool("created", saved.Created).Msg("a script was saved on request")
	}
	a.write(w, http.StatusOK, saved)
	return nil
}

// deleteScript removes a file or a folder.
func (a *api) deleteScript(w http.ResponseWriter, r *http.Request) error {
	editor, q, err := a.editor(r, "path", "version")
	if err != nil {
		return err
	}
	path, err := q.required("path", "daily.js")
	if err != nil {
		return err
	}
	version, err := q.required("version", "0123456789abcdef")
	if err != nil {
		return err
	}
	deleted, err := editor.Delete(path, version)
	if err != nil {
		return a.scriptError(r, err)
	}
	a.audit(r).Str("path", path).Str("version", version).Strs("files", deleted.Deleted).Msg("a script was removed on request")
	a.write(w, http.StatusOK, deleted)
	return nil
}

// renameScript gives a file or a folder another name.
func (a *api) renameScript(w http.ResponseWriter, r *http.Request) error {
	form := namesForm("this takes two paths", `{"path":"daily.js","to":"report.js","version":"of the file"}`)
	return changeScripts(a, w, r, form, "a script was renamed on request", func(editor scripts.Editor, change scripts.Rename, line *zerolog.Event) (any, error) {
		renamed, err := editor.Rename(change)
		line.Str("path", change.Path).Str("to", change.To).Str("version", change.Version)
		return renamed, err
	})
}

// createScript makes a plugin from a template.
func (a *api) createScript(w http.ResponseWriter, r *http.Request) error {
	form := namesForm("this takes two names", `{"template":"chat-alert","name":"my-alert"}`)
	return changeScripts(a, w, r, form, "a plugin was made on request", func(editor scripts.Editor, from scripts.Create, line *zerolog.Event) (any, error) {
		created, err := editor.Create(from)
		line.Str("plugin", created.Plugin).Str("template", from.Template).Strs("files", created.Files)
		return created, err
	})
}

// namesForm is the form of what has nothing but names.
func namesForm(large, like string) jsonForm {
	return jsonForm{most: 64 << 10, large: large, like: like}
}

// changeScripts has the editor do what a body asks for. do fills in the line of the log, which says so when it is done.
func changeScripts[Asked any](
	a *api, w http.ResponseWriter, r *http.Request, form jsonForm, said string, do func(scripts.Editor, Asked, *zerolog.Event) (any, error),
) error {
	editor, _, err := a.editor(r)
	if err != nil {
		return err
	}
	var asked Asked
	if err := readJSON(w, r, form, &asked); err != nil {
		return err
	}
	line := a.audit(r)
	done, err := do(editor, asked, line)
	if err != nil {
		line.Discard().Send()
		return a.scriptError(r, err)
	}
	line.Msg(said)
	a.write(w, http.StatusOK, done)
	return nil
}

// scriptTemplates answers with what plugins can be made from.
func (a *api) scriptTemplates(w http.ResponseWriter, r *http.Request) error {
	editor, _, err := a.editor(r)
	if err != nil {
		return err
	}
	a.write(w, http.StatusOK, struct {
		Templates []scripts.Template `json:"templates"`
	}{editor.Templates()})
	return nil
}

// scriptSurface answers with the names that scripts find.
func (a *api) scriptSurface(w http.ResponseWriter, r *http.Request) error {
	editor, _, err := a.editor(r)
	if err != nil {
		return err
	}
	a.write(w, http.StatusOK, editor.Surface())
	return nil
}

// audit begins a line of the log about a change that somebody has asked for.
func (a *api) audit(r *http.Request) *zerolog.Event {
	return a.cfg.Log.Info().Func(a.asker(r))
}

// asker adds who asks to a line of the log: the address, and the name of its token, where it has one.
func (a *api) asker(r *http.Request) func(*zerolog.Event) {
	return func(line *zerolog.Event) {
		line.Str("from", r.RemoteAddr)
		if who := a.cfg.Who(r); who != "" {
			line.Str("who", who)
		}
	}
}

// scriptConflict is the body of a conflict.
type scriptConflict struct {
	answerError
	Conflict scripts.Conflict `json:"conflict"`
}

// conflictRefusal is a refusal with the three sides of a conflict.
type conflictRefusal struct{ body scriptConflict }

func (c *conflictRefusal) Error() string { return c.body.Detail }

// scriptError makes a refusal of an error of the editor. What is not for people goes to the log.
func (a *api) scriptError(r *http.Request, err error) error {
	if conflict, ok := errors.AsType[*scripts.ConflictError](err); ok {
		return &conflictRefusal{scriptConflict{answerError{Error: "Conflict", Detail: conflict.Detail}, conflict.Conflict}}
	}
	if refused, ok := errors.AsType[*scripts.RefusedError](err); ok {
		out := &refusal{status: statusOf(refused.Reason), message: refused.Title, detail: refused.Detail}
		if refused.Reason == scripts.Busy {
			out.header, out.value = "Retry-After", "2"
		}
		return out
	}
	if r.Context().Err() != nil || errors.Is(err, engine.ErrClosed) {
		return a.failed(r, err)
	}
	a.cfg.Log.Error().Err(err).Str("path", r.URL.Path).Msg("the plugins folder, or what runs scripts, did not do what an operator asked for")
	return &refusal{
		status: http.StatusInternalServerError, message: "Internal error", detail: "it could not be done; the log of the host says why",
	}
}

func statusOf(reason scripts.Reason) int {
	switch reason {
	case scripts.NotFound:
		return http.StatusNotFound
	case scripts.NotAllowed:
		return http.StatusForbidden
	case scripts.Taken:
		return http.StatusConflict
	case scripts.TooLarge:
		return http.StatusRequestEntityTooLarge
	case scripts.NoText:
		return http.StatusUnprocessableEntity
	case scripts.NoRoom:
		return http.StatusInsufficientStorage
	case scripts.Busy:
		return http.StatusTooManyRequests
	default:
		return http.StatusBadRequest
	}
}
