// JSON is a small part of JavaScript, of which the editor has a parser.
import { javascriptLanguage } from "@codemirror/lang-javascript";
import { LanguageSupport } from "@codemirror/language";

export function json(): LanguageSupport {
  return new LanguageSupport(javascriptLanguage.configure({ top: "SingleExpression" }));
}
