// The editor. It is loaded when a script is first opened, and knows nothing of the page around it.
//
// It lives in a shadow root: there, and only there, its library puts styles into constructed sheets, which need no hole in the
// page's policy. Colours come from the page's custom properties, which reach into it.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript, javascriptLanguage, localCompletionSource, typescriptLanguage } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Transaction, type Extension, type Text } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers, rectangularSelection } from "@codemirror/view";
import { json } from "./json";
import { looks } from "./looks";
import { complete, explain, type Known } from "./surface";

export { merge, openMerge, type Merge } from "./merge";
export { know, type Known } from "./surface";

export interface Mark {
  severity: "error" | "warning";
  message: string;
  line: number;
  column: number;
  length: number;
  notes: string[];
}

export interface Options {
  path: string;
  text: string;
  label: string;
  readOnly: boolean;
  known: Known | undefined;
  onChange: (text: string) => void;
  onSave: () => void;
  onTry: () => void;
}

export interface Editor {
  text: () => string;
  // setText replaces what differs, so that the cursor stays where it is.
  setText: (text: string) => void;
  setMarks: (marks: Mark[]) => void;
  setReadOnly: (on: boolean) => void;
  setKnown: (known: Known | undefined) => void;
  goTo: (line: number, column: number) => void;
  find: () => void;
  focus: () => void;
  end: () => void;
}

// root makes the shadow root that editors live in.
export function root(parent: HTMLElement): { shadow: ShadowRoot; room: HTMLElement } {
  const shadow = parent.shadowRoot ?? parent.attachShadow({ mode: "open" });
  const room = document.createElement("div");
  shadow.replaceChildren(room);
  return { shadow, room };
}

export function languageOf(path: string): Extension {
  if (/\.json$/.test(path)) {
    return json();
  }
  return /\.(js|mjs|cjs|ts|mts|cts|jsx|tsx)$/.test(path) ? javascript({ typescript: /\.[mc]?tsx?$/.test(path), jsx: /x$/.test(path) }) : [];
}

export function openEditor(parent: HTMLElement, options: Options): Editor {
  const { shadow, room } = root(parent);
  const locked = new Compartment();
  const surface = new Compartment();
  let quiet = false;
  const assist = (known: Known | undefined): Extension => known === undefined ? [] : [
    ...[javascriptLanguage, typescriptLanguage].map((language) => language.data.of({ autocomplete: complete(known, /\.test\.[mc]?[jt]s$/.test(options.path)) })),
    explain(known),
  ];
  const lock = (on: boolean): Extension => [EditorState.readOnly.of(on), EditorView.contentAttributes.of(on ? { "aria-readonly": "true" } : {})];
  const view = new EditorView({
    parent: room,
    root: shadow,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(), EditorState.allowMultipleSelections.of(true),
        indentOnInput(), indentUnit.of("  "), bracketMatching(), closeBrackets(), autocompletion({ icons: false }), rectangularSelection(), highlightActiveLine(),
        highlightSelectionMatches(), search({ top: true }), lintGutter(),
        keymap.of([
          { key: "Mod-s", preventDefault: true, run: () => { options.onSave(); return true; } },
          { key: "Mod-Enter", preventDefault: true, run: () => { options.onTry(); return true; } },
          ...closeBracketsKeymap, ...defaultKeymap.filter((binding) => binding.key !== "Mod-Enter"), ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab,
        ]),
        languageOf(options.path),
        [javascriptLanguage, typescriptLanguage].map((language) => language.data.of({ autocomplete: localCompletionSource })),
        surface.of(assist(options.known)),
        locked.of(lock(options.readOnly)),
        EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "0", spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !quiet) {
            options.onChange(update.state.doc.toString());
          }
        }),
        looks(),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    setText: (text) => {
      quiet = true;
      replace(view, text);
      quiet = false;
    },
    setMarks: (marks) => view.dispatch(setDiagnostics(view.state, marks.map((mark) => diagnostic(view.state.doc, mark)))),
    setReadOnly: (on) => view.dispatch({ effects: locked.reconfigure(lock(on)) }),
    setKnown: (known) => view.dispatch({ effects: surface.reconfigure(assist(known)) }),
    goTo: (line, column) => {
      const at = position(view.state.doc, line, column);
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      view.focus();
    },
    find: () => void openSearchPanel(view),
    focus: () => view.focus(),
    end: () => view.destroy(),
  };
}

// replace changes the middle of the text that differs. It cannot be undone: it is what lies on disk.
function replace(view: EditorView, text: string): void {
  const before = view.state.doc.toString();
  if (before === text) {
    return;
  }
  let from = 0;
  const most = Math.min(before.length, text.length);
  while (from < most && before[from] === text[from]) {
    from++;
  }
  let end = 0;
  while (end < most - from && before[before.length - 1 - end] === text[text.length - 1 - end]) {
    end++;
  }
  view.dispatch({ changes: { from, to: before.length - end, insert: text.slice(from, text.length - end) }, annotations: Transaction.addToHistory.of(true) });
}

// position is where a line and column are, both from 1; what lies outside of the text is at its nearest end.
function position(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
  return Math.min(at.to, at.from + Math.max(0, column - 1));
}

function diagnostic(doc: Text, mark: Mark): Diagnostic {
  const line = doc.line(Math.max(1, Math.min(mark.line, doc.lines)));
  let from = position(doc, mark.line, mark.column);
  let to = Math.min(line.to, from + mark.length);
  if (to === from) {
    // No length is known: the word, or else the line.
    const word = /^[\w$]+/.exec(doc.sliceString(from, line.to));
    to = from + (word?.[0].length ?? 0);
  }
  if (to === from) {
    from = line.from + (/^\s*/.exec(line.text)?.[0].length ?? 0);
    to = line.to;
  }
  return { from, to: Math.max(from, to), severity: mark.severity, message: [mark.message, ...mark.notes].join("\n") };
}
