// Drafts: what was typed and not saved. The browser keeps them, so that a closed tab loses nothing.
import { keep, kept, keptNames } from "./keep";

export interface Draft {
  text: string;
  // The version of the file that it was made from, and its text. "" and "" for a file that is new.
  version: string;
  base: string;
  at: string;
}

const name = (path: string) => "draft:" + location.host + ":" + path;
const changed = new Set<() => void>();

export function draftOf(path: string): Draft | undefined {
  const text = kept(name(path));
  if (text === "") {
    return undefined;
  }
  try {
    return JSON.parse(text) as Draft;
  } catch {
    return undefined;
  }
}

// keepDraft says whether the browser has taken it.
export function keepDraft(path: string, draft: Draft | undefined): boolean {
  const before = kept(name(path)) !== "";
  const done = keep(name(path), draft === undefined ? "" : JSON.stringify(draft));
  if (before !== (draft !== undefined)) {
    changed.forEach((tell) => tell());
  }
  return done;
}

export function draftPaths(): string[] {
  const start = name("");
  return keptNames(start).map((found) => found.slice(start.length)).sort();
}

// onDrafts is told when a draft has begun or ended.
export function onDrafts(tell: () => void): () => void {
  changed.add(tell);
  addEventListener("storage", tell);
  return () => {
    changed.delete(tell);
    removeEventListener("storage", tell);
  };
}
