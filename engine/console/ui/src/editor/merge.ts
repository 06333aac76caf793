// Three versions of a text side by side: the one that an edit was made from, the one that lies on disk now, and the edit.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { Chunk } from "@codemirror/merge";
import { EditorState, StateEffect, StateField, Text, type Extension } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers, type DecorationSet } from "@codemirror/view";
import { languageOf, root } from "./editor";
import { looks } from "./looks";

// Hunk is where two texts differ: lines of the first, and what stands in their place in the second. From 0, without the end.
interface Hunk { from: number; to: number; otherFrom: number; otherTo: number }

function hunks(base: Text, other: Text): Hunk[] {
  const at = (doc: Text, pos: number) => (pos > doc.length ? doc.lines : doc.lineAt(pos).number - 1);
  return Chunk.build(base, other).map((chunk) => ({
    from: at(base, chunk.fromA), to: at(base, chunk.toA), otherFrom: at(other, chunk.fromB), otherTo: at(other, chunk.toB),
  }));
}

interface Region { from: number; to: number; theirs: boolean; yours: boolean }

// regions are the parts of the base that somebody has changed. What both have changed, or stands beside it, is one.
function regions(theirs: Hunk[], yours: Hunk[]): Region[] {
  const all = [
    ...theirs.map((hunk) => ({ from: hunk.from, to: hunk.to, theirs: true, yours: false })),
    ...yours.map((hunk) => ({ from: hunk.from, to: hunk.to, theirs: false, yours: true })),
  ].sort((a, b) => a.from - b.from || a.to - b.to);
  const joined: Region[] = [];
  for (const next of all) {
    const last = joined.at(-1);
    if (last !== undefined && next.from <= last.to && (next.from < last.to || last.from === last.to || next.from === next.to)) {
      last.to = Math.max(last.to, next.to);
      last.theirs ||= next.theirs;
      last.yours ||= next.yours;
    } else {
      joined.push({ ...next });
    }
  }
  return joined;
}

// part is what stands in a text in the place of lines of the base.
function part(base: string[], other: string[], changes: Hunk[], region: Region): string[] {
  const lines: string[] = [];
  let at = region.from;
  for (const hunk of changes) {
    if (hunk.from < region.from || hunk.to > region.to) {
      continue;
    }
    lines.push(...base.slice(at, hunk.from), ...other.slice(hunk.otherFrom, hunk.otherTo));
    at = hunk.to;
  }
  lines.push(...base.slice(at, region.to));
  return lines;
}

// merge joins two changes of a text. Where both have changed the same lines, both stand in the result, between marks.
export function merge(base: string, theirs: string, yours: string): { text: string; disputed: number } {
  const [b, t, y] = [base, theirs, yours].map((text) => Text.of(text.split("\n"))) as [Text, Text, Text];
  const [bLines, tLines, yLines] = [base, theirs, yours].map((text) => text.split("\n")) as [string[], string[], string[]];
  const theirHunks = hunks(b, t);
  const yourHunks = hunks(b, y);
  const out: string[] = [];
  let at = 0;
  let disputed = 0;
  for (const region of regions(theirHunks, yourHunks)) {
    out.push(...bLines.slice(at, region.from));
    at = region.to;
    const their = part(bLines, tLines, theirHunks, region);
    const your = part(bLines, yLines, yourHunks, region);
    if (!region.yours || their.join("\n") === your.join("\n")) {
      out.push(...their);
    } else if (!region.theirs) {
      out.push(...your);
    } else {
      disputed++;
      out.push("<<<<<<< on disk", ...their, "=======", ...your, ">>>>>>> yours");
    }
  }
  out.push(...bLines.slice(at));
  return { text: out.join("\n"), disputed };
}

export interface Merge {
  text: () => string;
  setText: (text: string) => void;
  end: () => void;
}

const setLines = StateEffect.define<DecorationSet>();
const shownLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => {
    for (const effect of transaction.effects) {
      if (effect.is(setLines)) {
        return effect.value;
      }
    }
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

// paint marks lines of a view: what has changed, and what both have changed.
function paint(view: EditorView, ranges: { from: number; to: number; disputed: boolean }[]): void {
  const marks = [];
  for (const range of ranges) {
    for (let line = range.from; line < Math.min(range.to, view.state.doc.lines); line++) {
      marks.push(Decoration.line({ class: range.disputed ? "cm-disputed" : "cm-changed" }).range(view.state.doc.line(line + 1).from));
    }
    if (range.from === range.to && range.from > 0) {
      marks.push(Decoration.line({ class: "cm-gone" }).range(view.state.doc.line(Math.min(range.from, view.state.doc.lines)).from));
    }
  }
  view.dispatch({ effects: setLines.of(Decoration.set(marks, true)) });
}

export interface MergeOptions {
  path: string;
  base: string;
  theirs: string;
  yours: string;
  onChange: (text: string) => void;
  onSave: () => void;
}

// openMerge shows the three in elements that stand side by side.
export function openMerge(rooms: { base: HTMLElement; theirs: HTMLElement; yours: HTMLElement }, options: MergeOptions): Merge {
  const open = (parent: HTMLElement, doc: string, label: string, more: Extension) => {
    const { shadow, room } = root(parent);
    return new EditorView({
      parent: room, root: shadow,
      state: EditorState.create({ doc, extensions: [lineNumbers(), languageOf(options.path), shownLines, looks(), EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false" }), more] }),
    });
  };
  const readOnly = [EditorState.readOnly.of(true), EditorView.contentAttributes.of({ "aria-readonly": "true" })];
  const base = open(rooms.base, options.base, "The file as it was when you began", readOnly);
  const theirs = open(rooms.theirs, options.theirs, "The file as it is on disk now", readOnly);
  const yours = open(rooms.yours, options.yours, "The file as you want it", [
    history(),
    keymap.of([{ key: "Mod-s", preventDefault: true, run: () => { options.onSave(); return true; } }, ...defaultKeymap, ...historyKeymap, indentWithTab]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) {
        options.onChange(update.state.doc.toString());
        show();
      }
    }),
  ]);
  const show = () => {
    const theirHunks = hunks(base.state.doc, theirs.state.doc);
    const yourHunks = hunks(base.state.doc, yours.state.doc);
    const disputed = regions(theirHunks, yourHunks).filter((region) => region.theirs && region.yours);
    const isDisputed = (hunk: Hunk) => disputed.some((region) => hunk.from >= region.from && hunk.to <= region.to);
    paint(theirs, theirHunks.map((hunk) => ({ from: hunk.otherFrom, to: hunk.otherTo, disputed: isDisputed(hunk) })));
    paint(base, regions(theirHunks, yourHunks).map((region) => ({ from: region.from, to: region.to, disputed: region.theirs && region.yours })));
    requestAnimationFrame(() => paint(yours, yourHunks.map((hunk) => ({ from: hunk.otherFrom, to: hunk.otherTo, disputed: isDisputed(hunk) }))));
  };
  show();
  const views = [base, theirs, yours];
  let leading: EditorView | undefined;
  for (const view of views) {
    view.scrollDOM.addEventListener("scroll", () => {
      leading ??= view;
      if (leading === view) {
        views.filter((other) => other !== view).forEach((other) => { other.scrollDOM.scrollTop = view.scrollDOM.scrollTop; });
        requestAnimationFrame(() => { leading = undefined; });
      }
    });
  }
  return {
    text: () => yours.state.doc.toString(),
    setText: (text) => yours.dispatch({ changes: { from: 0, to: yours.state.doc.length, insert: text } }),
    end: () => views.forEach((view) => view.destroy()),
  };
}
