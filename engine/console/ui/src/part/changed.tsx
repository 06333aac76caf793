// A file that somebody else has changed while it was edited here: three versions, and a way out that loses nothing unseen.
import { useEffect, useRef, useState } from "preact/hooks";
import { said } from "../ask";
import type { Merge } from "../editor/editor";
import { loadEditor } from "../lazy";
import { plural } from "../text";
import { dayTime } from "../time";
import type { Conflict } from "../types";
import { Button, Problem } from "./parts";

interface Props {
  conflict: Conflict;
  // A text that takes what is on disk into account, with the version and text of that.
  onText: (text: string, version: string, base: string) => void;
  onSave: () => void;
  onTheirs: () => void;
  onClose: () => void;
  saving: boolean;
  writable: boolean;
}

export function Changed({ conflict, onText, onSave, onTheirs, onClose, saving, writable }: Props) {
  const base = useRef<HTMLDivElement>(null);
  const theirs = useRef<HTMLDivElement>(null);
  const yours = useRef<HTMLDivElement>(null);
  const opened = useRef<Merge | undefined>(undefined);
  const [error, setError] = useState("");
  const [text, setText] = useState(conflict.yours?.text ?? "");
  const [disputed, setDisputed] = useState<number>();
  const their = conflict.theirs?.text ?? "";
  const version = conflict.theirs?.version ?? "";
  const mine = conflict.yours?.text ?? "";
  useEffect(() => {
    let gone = false;
    void loadEditor().then((module) => {
      if (!gone) {
        opened.current = module.openMerge({ base: base.current!, theirs: theirs.current!, yours: yours.current! }, { path: conflict.path, base: conflict.base?.text ?? "", theirs: their, yours: mine, onChange: setText, onSave: () => finish.current() });
      }
    }, (problem: unknown) => setError(said(problem)));
    return () => {
      gone = true;
      opened.current?.end();
    };
  }, [conflict]);
  const join = () => void loadEditor().then((module) => {
    const merged = module.merge(conflict.base?.text ?? "", their, mine);
    setDisputed(merged.disputed);
    opened.current?.setText(merged.text);
  });
  const unsettled = /^(<{7} |={7}$|>{7} )/m.test(text);
  const finish = useRef<() => void>(() => undefined);
  finish.current = () => {
    onText(text, version, their);
    onSave();
  };
  return (
    <div class="changed">
      <header class="panel-bar">
        <p><b>{conflict.theirs === null ? "The file was deleted while you edited it." : "The file changed on disk while you edited it."}</b> <span class="muted">{conflict.theirs !== null && "At " + dayTime(conflict.theirs.modified) + ". "}Nothing is overwritten before you say so.</span></p>
        <div class="bar-end">
          {conflict.theirs !== null && <Button onClick={join}>Merge both</Button>}
          {conflict.theirs !== null && <Button onClick={onTheirs}>Take what is on disk</Button>}
          <Button onClick={() => { onText(text, conflict.base?.version ?? "", conflict.base?.text ?? ""); onClose(); }}>Later</Button>
          {writable && <Button kind="main" busy={saving} disabled={saving || unsettled} onClick={() => finish.current()}>Save yours</Button>}
        </div>
      </header>
      <Problem text={error} />
      {disputed !== undefined && <p class="hint" role="status">{disputed === 0 ? "Both changes are in: look at it, and save." : plural(disputed, "place") + " changed on both sides: choose between the marks, and take them away."}</p>}
      <div class="three">
        <section><h3>When you began</h3><div class="editor" ref={base} /></section>
        <section><h3>On disk now</h3><div class="editor" ref={theirs} /></section>
        <section><h3>Yours</h3><div class="editor" ref={yours} /></section>
      </div>
    </div>
  );
}
