// One script, or one file of the folder: its text, what is wrong with it, and what it would have done.
import { useEffect, useRef, useState } from "preact/hooks";
import { Refusal, aborted, ask, query, said } from "../ask";
import { draftOf, keepDraft, type Draft } from "../draft";
import { useKeys } from "../keys";
import { loadEditor, loadKnown } from "../lazy";
import { About } from "../part/about";
import { Changed } from "../part/changed";
import { Files } from "../part/files";
import { Button, Dialog, Empty, Problem, Says, Tabs } from "../part/parts";
import { Where } from "../part/problem";
import { Tests } from "../part/tests";
import { TryIt } from "../part/tryit";
import { address, go, set, useRoute } from "../route";
import { useMay } from "../session";
import { Text, sentence } from "../text";
import type { Checked, Conflict, Problem as Mistake, Saved, ScriptFile, Scripts } from "../types";
import { useLate, type Known } from "../use";
import type { Editor } from "../editor/editor";
import { states, useDrafts } from "./scripts";

export function Workspace({ name, scripts }: { name: string; scripts: Known<Scripts> }) {
  const { params } = useRoute();
  const all = scripts.value;
  const script = all?.plugins.find((plugin) => plugin.name === name);
  const path = params["file"] ?? script?.files[0] ?? "";
  if (all === undefined) {
    return <div class="page"><Problem text={scripts.error} again={scripts.again} /></div>;
  }
  if (path === "" || (name !== "" && script === undefined)) {
    return (
      <div class="page">
        <Empty title={script === undefined ? "There is no such script" : "Its file is gone"}>
          <p>{script === undefined ? "It may have been renamed or deleted." : "What it stored and its place in the log are kept until it is forgotten."} <a href={address(["scripts"])}>All scripts</a></p>
        </Empty>
      </div>
    );
  }
  return <OneFile key={path} path={path} name={name} scripts={all} again={scripts.again} />;
}

interface Props { path: string; name: string; scripts: Scripts; again: () => void }

// Note is what came of the last save.
type Note = { kind: "saved" | "unchanged"; version: string } | undefined;

function OneFile({ path, name, scripts, again }: Props) {
  const { params } = useRoute();
  const may = useMay();
  const script = scripts.plugins.find((plugin) => plugin.name === name);
  const entry = scripts.files.find((file) => file.path === path);
  const drafts = useDrafts();
  const [file, setFile] = useState<ScriptFile>();
  const [draft, setDraft] = useState<Draft | undefined>(() => draftOf(path));
  const [error, setError] = useState("");
  const [saving, setSaving] = useState(false);
  const [note, setNote] = useState<Note>();
  const [conflict, setConflict] = useState<Conflict>();
  const [sure, setSure] = useState(false);
  const [turn, setTurn] = useState(0);
  const editor = useRef<Editor | undefined>(undefined);
  const room = useRef<HTMLDivElement>(null);
  const latest = useRef({ draft, file });
  latest.current = { draft, file };

  // The text on disk, at first and whenever the list says that it is another.
  const wanted = entry?.version ?? "";
  useEffect(() => {
    if (file !== undefined && file.version === wanted) {
      return;
    }
    const stop = new AbortController();
    ask<ScriptFile>("/api/v1/scripts/file" + query({ path }), { signal: stop.signal }).then((found) => {
      setFile(found);
      setError("");
      const mine = latest.current.draft;
      if (mine === undefined) {
        editor.current?.setText(found.text);
      } else if (mine.text === found.text) {
        change(undefined);
      }
    }, (problem: unknown) => {
      if (!aborted(problem)) {
        setError(said(problem));
      }
    });
    return () => stop.abort();
  }, [path, wanted]);

  const change = (next: Draft | undefined) => {
    latest.current.draft = next;
    setDraft(next);
    if (!keepDraft(path, next) && next !== undefined) {
      setError("The browser keeps no drafts for this page: save before you close the tab.");
    }
  };
  const typed = (text: string) => {
    const { draft: mine, file: disk } = latest.current;
    if (mine === undefined && disk === undefined) {
      return;
    }
    setNote(undefined);
    const base = mine ?? { version: disk!.version, base: disk!.text };
    if (text === base.base && base.version === disk?.version) {
      change(undefined);
      return;
    }
    change({ text, version: base.version, base: base.base, at: new Date().toISOString() });
  };

  // The editor, once there is something to show.
  const shown = file !== undefined || (draft !== undefined && error !== "");
  const editable = file === undefined || file.editable;
  const save = useRef<() => void>(() => undefined);
  useEffect(() => {
    if (!shown || room.current === null || conflict !== undefined) {
      return;
    }
    let gone = false;
    void loadEditor().then((module) => {
      if (gone || room.current === null) {
        return;
      }
      editor.current = module.openEditor(room.current, {
        path, text: latest.current.draft?.text ?? latest.current.file?.text ?? "", label: "Text of " + path, readOnly: !editable, known: undefined,
        onChange: typed, onSave: () => save.current(), onTry: tryNow,
      });
      if (params["line"] !== undefined) {
        editor.current.goTo(Number(params["line"]), Number(params["column"] ?? 1));
      }
      void loadKnown().then((known) => editor.current?.setKnown(known), () => undefined);
      setTurn((n) => n + 1);
    }, (problem: unknown) => setError("The editor cannot be loaded: " + said(problem)));
    return () => {
      gone = true;
      editor.current?.end();
      editor.current = undefined;
    };
  }, [shown, path, conflict === undefined]);

  save.current = () => void (async () => {
    const mine = latest.current.draft;
    if (mine === undefined || saving || !may.edit) {
      return;
    }
    setSaving(true);
    setError("");
    try {
      const saved = await ask<Saved>("/api/v1/scripts/file" + query({ path }), { method: "PUT", body: { text: mine.text, version: mine.version } });
      setFile((was) => ({ ...(was ?? emptyFile(path)), text: mine.text, version: saved.version }));
      const now = latest.current.draft;
      change(now === undefined || now.text === mine.text ? undefined : { ...now, version: saved.version, base: mine.text });
      setNote({ kind: saved.unchanged ? "unchanged" : "saved", version: saved.version });
      setConflict(undefined);
      for (let i = 1; i <= 8; i++) {
        setTimeout(again, i * 250);
      }
    } catch (problem) {
      if (problem instanceof Refusal && problem.status === 409 && problem.body["conflict"] !== undefined) {
        const found = problem.body["conflict"] as Conflict;
        setConflict({ ...found, base: found.base ?? { version: mine.version, text: mine.base } });
      } else {
        setError(said(problem));
      }
    }
    setSaving(false);
  })();

  const problems = useChecked(script?.name, path, draft, may.scripts, drafts);
  const broken = draft === undefined && script !== undefined && script.state !== "live" && script.last_error !== undefined ? [{ severity: "error" as const, ...script.last_error }] : [];
  const all: Mistake[] = draft === undefined ? broken : problems.found;
  const here = all.filter((problem) => isHere(problem, path));
  const marks = JSON.stringify(here.map(({ severity, message, line, column, length, notes }) => ({ severity, message, line: line ?? 1, column: column ?? 1, length: length ?? 0, notes: notes ?? [] })));
  useEffect(() => {
    editor.current?.setMarks(JSON.parse(marks) as Parameters<Editor["setMarks"]>[0]);
  }, [marks, turn]);

  const toProblem = (problem: Mistake) => {
    const target = fileOf(problem, scripts);
    if (target !== undefined && target !== path) {
      go(address(["scripts", name], { file: target, line: String(problem.line ?? 1), column: String(problem.column ?? 1), panel: params["panel"] }));
    } else {
      editor.current?.goTo(problem.line ?? 1, problem.column ?? 1);
    }
  };
  const [trying, setTrying] = useState(0);
  const tryNow = () => {
    if (name !== "") {
      set({ panel: undefined });
      setTrying((n) => n + 1);
    }
  };
  useKeys([
    { key: "mod+s", does: "save", typing: true, act: () => save.current() },
    { key: "mod+Enter", does: "try the draft", typing: true, act: tryNow },
    { key: "e", does: "to the editor", act: () => editor.current?.focus() },
    { key: "/", does: "find in the text", act: () => editor.current?.find() },
    { key: "Escape", does: "back to all scripts", act: () => go(address(["scripts"])) },
  ]);

  const files = () => Object.fromEntries((script?.files ?? [path]).concat(path).flatMap((each) => {
    const mine = each === path ? latest.current.draft : draftOf(each);
    return mine === undefined ? [] : [[each, mine.text]];
  }));
  const moved = draft !== undefined && file !== undefined && draft.version !== file.version;
  const writable = may.edit && scripts.folder.writable && editable;
  const panel = params["panel"] ?? "try";
  const compare = () => setConflict({ path, base: { version: draft!.version, text: draft!.base }, theirs: file === undefined ? null : { version: file.version, text: file.text, modified: file.modified }, yours: { text: draft!.text } });

  return (
    <div class="page workspace">
      <header class="bar">
        <h1 class="crumbs"><a href={address(["scripts"])}>Scripts</a><span class="muted">/</span><Text of={name === "" ? path : name} /></h1>
        {script !== undefined && <Status script={script} note={note} draft={draft !== undefined} checking={problems.busy} />}
        <div class="bar-end">
          {draft !== undefined && <Button kind="plain" onClick={() => setSure(true)}>Discard draft</Button>}
          {writable && <Button kind="main" busy={saving} disabled={saving || draft === undefined || conflict !== undefined} onClick={() => save.current()}>{saving ? "Saving…" : "Save"}</Button>}
        </div>
      </header>
      <Problem text={error} />
      {may.scripts && !may.edit && <p class="strip">{sentence(may.why) || "Scripts cannot be changed here."} Drafts can be tried, and not saved.</p>}
      {may.edit && !scripts.folder.writable && <p class="strip">{sentence(scripts.folder.why) || "This folder cannot be written to."} Drafts can be tried, and not saved.</p>}
      {file !== undefined && !file.editable && <p class="strip">{sentence(file.why)}</p>}
      {moved && conflict === undefined && <p class="strip" role="status">The file has changed on disk since you began to edit it. <button type="button" class="link strong" onClick={compare}>Compare and merge</button></p>}
      {entry === undefined && file !== undefined && <p class="strip" role="status">The file is not on disk any more. {draft === undefined ? "" : "Saving makes it again."}</p>}
      <div class="desk">
        {(script?.files.length ?? 0) > 1 && <Files script={script!} scripts={scripts} at={path} drafts={drafts} />}
        {conflict !== undefined
          ? <Changed conflict={conflict} onText={(text, version, base) => change({ text, version, base, at: new Date().toISOString() })} onSave={() => save.current()} onTheirs={() => { change(undefined); setConflict(undefined); again(); }} onClose={() => setConflict(undefined)} saving={saving} writable={writable} />
          : (
            <div class="editor-side">
              <div class="editor" ref={room} />
              {all.length > 0 && (
                <div class="problems" role="status" aria-label="Problems">
                  {all.slice(0, 20).map((problem, i) => <Where key={i} problem={problem} onGo={() => toProblem(problem)} />)}
                </div>
              )}
            </div>
          )}
        {script !== undefined && conflict === undefined && (
          <div class="panel">
            <Tabs label="Beside the text" at={panel} onPick={(tab) => set({ panel: tab === "try" ? undefined : tab })} all={[["try", "Try"], ["tests", "Tests"], ["about", "About"]]} />
            {panel === "try" && <TryIt plugin={name} running={script.running} files={files} may={may.scripts} turn={trying} onGo={toProblem} />}
            {panel === "tests" && <Tests script={script} files={files} may={may.scripts} writable={may.edit && scripts.folder.writable} onGo={toProblem} onMade={(made) => { again(); go(address(["scripts", name], { file: made, panel: "tests" })); }} />}
            {panel === "about" && <About script={script} scripts={scripts} writable={may.edit && scripts.folder.writable} onGone={(to) => { again(); go(address(to === undefined ? ["scripts"] : ["scripts", to])); }} />}
          </div>
        )}
      </div>
      {sure && (
        <Dialog title="Discard this draft?" onClose={() => setSure(false)}>
          <p>What lies on disk is shown again. What you typed is gone.</p>
          <footer>
            <Button onClick={() => setSure(false)}>Keep it</Button>
            <Button kind="danger" onClick={() => { setSure(false); change(undefined); setConflict(undefined); editor.current?.setText(file?.text ?? ""); }}>Discard it</Button>
          </footer>
        </Dialog>
      )}
    </div>
  );
}

function emptyFile(path: string): ScriptFile {
  return { path, plugin: "", test: false, version: "", text: "", size: 0, modified: "", mode: "", line_ends: "lf", byte_order_mark: false, editable: true, why: "" };
}

// Names of files in errors begin with the folder's own name; their path, where it is told, does not.
function fileOf(problem: Mistake, scripts: Scripts): string | undefined {
  const path = problem.path ?? problem.file?.replace(scripts.folder.name + "/", "");
  return scripts.files.find((file) => file.path === path)?.path;
}

function isHere(problem: Mistake, path: string): boolean {
  return problem.line !== undefined && problem.line > 0 && (problem.path === path || (problem.path === undefined && (problem.file === path || (problem.file ?? "").endsWith("/" + path))));
}

function Status({ script, note, draft, checking }: { script: Scripts["plugins"][number]; note: Note; draft: boolean; checking: boolean }) {
  const behind = script.disk !== script.running;
  return (
    <p class="state" role="status">
      {draft
        ? <Says of="draft" text={checking ? "draft, checking…" : "draft, not saved"} />
        : note !== undefined && <Says of="saved" text={note.kind === "unchanged" ? "the disk had it already" : "saved"} />}
      <Says of={script.state} text={script.state === "live" ? (behind ? "loading " + script.disk : "runs " + script.running) : states[script.state]} />
      {script.state === "broken_edit" && <span class="muted">version {script.running} keeps running</span>}
    </p>
  );
}

// useChecked has the host look at a draft, when nothing was typed for a moment.
function useChecked(plugin: string | undefined, path: string, draft: Draft | undefined, may: boolean, drafts: string[]): { found: Mistake[]; busy: boolean } {
  const [found, setFound] = useState<Mistake[]>([]);
  const [busy, setBusy] = useState(false);
  const text = useLate(draft?.text, 350);
  useEffect(() => {
    if (plugin === undefined || text === undefined || !may) {
      setFound([]);
      setBusy(false);
      return;
    }
    const stop = new AbortController();
    setBusy(true);
    const files = Object.fromEntries(drafts.flatMap((each) => {
      const mine = draftOf(each);
      return mine === undefined ? [] : [[each, mine.text]];
    }));
    ask<Checked>("/api/v1/scripts/check", { method: "POST", body: { plugin, files: { ...files, [path]: text } }, signal: stop.signal }).then((checked) => {
      setFound(checked.problems);
      setBusy(false);
    }, (problem: unknown) => {
      if (!aborted(problem)) {
        setFound([{ severity: "warning", message: "The draft was not checked: " + said(problem) }]);
        setBusy(false);
      }
    });
    return () => stop.abort();
  }, [plugin, path, text, may]);
  return { found: draft === undefined ? [] : found, busy };
}

