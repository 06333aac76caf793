// How the editor looks. Colours are the page's.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--sheet)", fontSize: "12.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", fontVariantLigatures: "none" },
  ".cm-content": { caretColor: "var(--accent)", padding: "8px 0 40vh" },
  ".cm-line": { padding: "0 12px 0 6px" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "light-dark(#cfdcfb, #2f4577)" },
  ".cm-gutters": { backgroundColor: "var(--sheet)", color: "light-dark(#71757d, #858b95)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "34px", padding: "0 8px 0 6px" },
  ".cm-activeLine": { backgroundColor: "light-dark(rgb(20 40 80 / 4%), rgb(160 190 255 / 5%))" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--text)" },
  ".cm-gutter-lint": { width: "14px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 0 0 3px" },
  ".cm-lint-marker": { width: "8px", height: "8px", marginTop: "6px", borderRadius: "50%", content: "none !important" },
  ".cm-lint-marker-error": { content: "none", backgroundColor: "var(--bad)" },
  ".cm-lint-marker-warning": { content: "none", backgroundColor: "var(--warn)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad) 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn) 1px", textUnderlineOffset: "3px" },
  ".cm-matchingBracket": { backgroundColor: "light-dark(#dfe9ff, #2a3a5c) !important" },
  ".cm-selectionMatch": { backgroundColor: "light-dark(#eaf1e4, #2a3327)" },
  ".cm-searchMatch": { backgroundColor: "light-dark(#fdeeb8, #4a3d12)" },
  ".cm-searchMatch-selected": { backgroundColor: "light-dark(#f9d66c, #7a6213)" },
  ".cm-specialChar": { color: "var(--warn)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--edge)", borderRadius: "6px", boxShadow: "var(--shadow)", overflow: "hidden" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12px", maxHeight: "16em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 10px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-fill)", color: "#fff" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.75", marginLeft: "10px" },
  ".cm-completionLabelStruck": { textDecoration: "line-through" },
  ".cm-tooltip.cm-completionInfo": { padding: "8px 10px", maxWidth: "380px", overflow: "visible" },
  ".cm-doc": { maxWidth: "460px", padding: "8px 10px", font: "12.5px/1.45 var(--sans)" },
  ".cm-completionInfo .cm-doc": { padding: "0" },
  ".cm-doc code": { display: "block", marginBottom: "4px", font: "12px/1.5 var(--mono)", color: "light-dark(#1f4e9e, #8db7f5)", whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  ".cm-doc small": { display: "block", marginTop: "4px", color: "var(--muted)" },
  ".cm-diagnostic": { padding: "5px 10px", font: "12.5px/1.45 var(--sans)", whiteSpace: "pre-wrap", borderLeft: "3px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--text)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "6px 10px", font: "12px var(--sans)" },
  ".cm-panel.cm-search input[type=text]": { height: "24px", padding: "0 6px", border: "1px solid var(--edge)", borderRadius: "4px", backgroundColor: "var(--sheet)", color: "var(--text)", fontSize: "12px" },
  ".cm-panel.cm-search [name=close]": { color: "var(--muted)", fontSize: "16px", top: "6px", right: "8px" },
  ".cm-button": { height: "24px", padding: "0 8px", border: "1px solid var(--edge)", borderRadius: "4px", backgroundImage: "none", backgroundColor: "var(--raised)", color: "var(--text)", fontSize: "12px" },
  ".cm-panel.cm-search label": { fontSize: "12px" },
  ".cm-panel.cm-panel-lint ul": { maxHeight: "120px" },
  ".cm-changed": { backgroundColor: "light-dark(#e7f4ea, #18291f)" },
  ".cm-disputed": { backgroundColor: "light-dark(#fde9ea, #341c1f)" },
  ".cm-gone": { boxShadow: "inset 0 -2px 0 light-dark(#7fc295, #2f6d48)" },
});

const tokens = HighlightStyle.define([
  { tag: [t.keyword, t.modifier, t.operatorKeyword], color: "light-dark(#7a3aa8, #c9a2f5)" },
  { tag: [t.string, t.special(t.string), t.regexp], color: "light-dark(#156b45, #7fcda0)" },
  { tag: [t.number, t.bool, t.null, t.atom], color: "light-dark(#8a4b00, #e5b567)" },
  { tag: [t.comment, t.docComment], color: "light-dark(#6a6f66, #8b9186)", fontStyle: "italic" },
  { tag: [t.function(t.variableName), t.function(t.propertyName), t.definition(t.function(t.variableName))], color: "light-dark(#1f4e9e, #8db7f5)" },
  { tag: [t.typeName, t.className, t.definition(t.typeName)], color: "light-dark(#1c6a78, #7fd0dd)" },
  { tag: [t.propertyName], color: "light-dark(#38404d, #c3ccd9)" },
  { tag: [t.invalid], color: "var(--bad)" },
]);

export function looks(): Extension {
  return [theme, syntaxHighlighting(tokens)];
}
