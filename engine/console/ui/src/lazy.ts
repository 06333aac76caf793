// What is loaded only when it is needed: the editor, and the list of names that it completes.
import { ask } from "./ask";
import type { Known } from "./editor/surface";
import type { Surface } from "./types";

export type EditorModule = typeof import("./editor/editor");

let editor: Promise<EditorModule> | undefined;

export function loadEditor(): Promise<EditorModule> {
  // The bundler leaves an address that it cannot read alone.
  const address = new URL("editor.js", import.meta.url).href;
  editor ??= (import(address) as Promise<EditorModule>).catch((problem: unknown) => {
    editor = undefined;
    throw problem;
  });
  return editor;
}

let known: Promise<Known> | undefined;

export function loadKnown(): Promise<Known> {
  known ??= Promise.all([loadEditor(), ask<Surface>("/api/v1/scripts/surface")]).then(([module, surface]) => module.know(surface)).catch((problem: unknown) => {
    known = undefined;
    throw problem;
  });
  return known;
}
