package admin

import (
	"net/http"

	"trackhook/engine/scripts"
)

// draftForm is the form of what comes with a draft.
func draftForm(like string) jsonForm {
	return jsonForm{most: 2 * scripts.MaxDraft, large: "leave out the files that are as on disk", like: like}
}

// checkScript says what is wrong with a draft.
func (a *api) checkScript(w http.ResponseWriter, r *http.Request) error {
	editor, _, err := a.editor(r)
	if err != nil {
		return err
	}
	var draft scripts.Draft
	if err := readJSON(w, r, draftForm(`{"plugin":"daily","files":{"daily.js":"..."}}`), &draft); err != nil {
		return err
	}
	checked, err := editor.Check(r.Context(), draft)
	if err != nil {
		return a.scriptError(r, err)
	}
	// At every pause of somebody who types: too often to be told where nobody looks for it.
	a.cfg.Log.Debug().Func(a.asker(r)).Str("plugin", draft.Plugin).Str("version", checked.Version).Msg("a draft of a script was checked on request")
	a.write(w, http.StatusOK, checked)
	return nil
}

// tryScript runs a draft on answers.
func (a *api) tryScript(w http.ResponseWriter, r *http.Request) error {
	editor, _, err := a.editor(r)
	if err != nil {
		return err
	}
	var trial scripts.Trial
	if err := readJSON(w, r, draftForm(`{"plugin":"daily","files":{"daily.js":"..."},"answers":{"last":100}}`), &trial); err != nil {
		return err
	}
	tried, err := editor.Try(r.Context(), trial)
	if err != nil {
		return a.scriptError(r, err)
	}
	a.audit(r).Str("plugin", trial.Plugin).Str("version", tried.Draft.Version).Int("answers", tried.Summary.Answers).Msg("a draft of a script was tried on request")
	a.write(w, http.StatusOK, tried)
	return nil
}

// testScript runs the tests of a plugin on a draft.
func (a *api) testScript(w http.ResponseWriter, r *http.Request) error {
	editor, _, err := a.editor(r)
	if err != nil {
		return err
	}
	var tests scripts.Tests
	if err := readJSON(w, r, draftForm(`{"plugin":"daily","files":{"daily.js":"..."}}`), &tests); err != nil {
		return err
	}
	tested, err := editor.Test(r.Context(), tests)
	if err != nil {
		return a.scriptError(r, err)
	}
	a.audit(r).Str("plugin", tests.Plugin).Int("passed", tested.Summary.Passed).Int("failed", tested.Summary.Failed).Msg("the tests of a script were run on request")
	a.write(w, http.StatusOK, tested)
	return nil
}
