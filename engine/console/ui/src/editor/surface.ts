// Completion and explanations, from the list of what scripts find. There is no compiler in the page: what a name is follows from
// how it was made, which is enough for scripts of a few hundred lines.
import { snippetCompletion, type Completion, type CompletionContext, type CompletionResult, type CompletionSource } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { EditorState, Extension } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import type { Surface, SurfaceItem, SurfaceMember } from "../types";

export interface Known {
  items: Map<string, SurfaceItem>;
  members: Map<string, { item: SurfaceItem; member: SurfaceMember }[]>;
  modules: string[];
}

export function know(surface: Surface): Known {
  const members: Known["members"] = new Map();
  for (const item of surface.items) {
    for (const member of item.members ?? []) {
      const all = members.get(member.name);
      if (all === undefined) {
        members.set(member.name, [{ item, member }]);
      } else {
        all.push({ item, member });
      }
    }
  }
  return { items: new Map(surface.items.map((item) => [item.name, item])), members, modules: surface.modules };
}

interface Told { signature: string; doc: string; sdk: number; deprecated: boolean; owner?: string }

// told shows what something is. All of it is text.
function told({ signature, doc, sdk, deprecated, owner }: Told): HTMLElement {
  const box = document.createElement("div");
  box.className = "cm-doc";
  const code = document.createElement("code");
  code.textContent = (owner === undefined ? "" : owner + ".") + signature;
  const text = document.createElement("span");
  text.textContent = doc;
  box.append(code, text);
  const notes = [sdk === 0 ? "" : "SDK version " + sdk, deprecated ? "deprecated" : ""].filter((note) => note !== "").join(", ");
  if (notes !== "") {
    const small = document.createElement("small");
    small.textContent = notes;
    box.append(small);
  }
  return box;
}

const kinds: Record<string, string> = { class: "class", object: "namespace", function: "function", variable: "variable", method: "method", property: "property", constant: "constant" };

function ofMember(item: SurfaceItem, member: SurfaceMember, boost = 0): Completion {
  const base: Completion = {
    label: member.name,
    type: kinds[member.kind] ?? "property",
    detail: detail(member.signature, member.name),
    boost: boost - (member.deprecated ? 50 : 0),
    info: () => told({ ...member, owner: item.name }),
  };
  const listener = /^set\w*Callback(?:Listener)?\(\w+: \((\w+): /.exec(member.signature);
  if (listener !== null) {
    return snippetCompletion(member.name + "(function (" + listener[1] + ") {\n\t${}\n})", base);
  }
  return base;
}

// detail is what a signature says beyond the name.
function detail(signature: string, name: string): string {
  const rest = signature.replace(/^(?:static |readonly )*/, "").slice(name.length);
  return rest.length > 48 ? rest.slice(0, 47) + "…" : rest;
}

// typeOf guesses which entry a variable is of.
function typeOf(known: Known, text: string, name: string): { item: SurfaceItem; itself: boolean } | undefined {
  const own = known.items.get(name);
  if (own !== undefined && own.kind !== "type") {
    return { item: own, itself: true };
  }
  const safe = name.replace(/[$]/g, "\\$&");
  const made = new RegExp("\\b" + safe + "\\s*(?::[^=;\\n]*)?=\\s*new\\s+([A-Z]\\w*)").exec(text);
  const typed = new RegExp("\\b" + safe + "\\s*:\\s*([A-Z]\\w*)").exec(text);
  for (const found of [made?.[1], typed?.[1]]) {
    const item = found === undefined ? undefined : known.items.get(found);
    if (item !== undefined) {
      return { item, itself: false };
    }
  }
  // The first parameter of a listener: what the setter calls it with.
  const listener = new RegExp("\\.(set\\w*Callback(?:Listener)?)\\s*\\(\\s*(?:async\\s+)?(?:function\\b[^(]*)?\\(?\\s*" + safe + "\\b").exec(text);
  for (const { member } of listener === null ? [] : known.members.get(listener[1]!) ?? []) {
    const argument = /\(\w+: \(\w+: (\w+)/.exec(member.signature);
    const item = argument === null ? undefined : known.items.get(argument[1]!);
    if (item !== undefined) {
      return { item, itself: false };
    }
  }
  return undefined;
}

// complete completes names of the surface. Those of tests are there in files of tests only.
export function complete(known: Known, inTests: boolean): CompletionSource {
  const globals = [...known.items.values()].filter((item) => item.kind !== "type" && (inTests || !item.tests)).map((item): Completion => ({
    label: item.name,
    type: kinds[item.kind] ?? "variable",
    boost: (item.name.startsWith("Adjust") ? 10 : 0) - (item.deprecated ? 50 : 0),
    info: () => told(item.constructors?.length ? { ...item, signature: item.constructors.join("\n") } : item),
  }));
  return (context: CompletionContext): CompletionResult | null => {
    const node = syntaxTree(context.state).resolveInner(context.pos, -1);
    if (/Comment/.test(node.name)) {
      return null;
    }
    if (node.name === "String") {
      return modules(known, context);
    }
    const after = context.matchBefore(/([A-Za-z_$][\w$]*)\s*\??\.\s*[\w$]*/);
    if (after !== null) {
      const [, name, part] = /^([\w$]+)\s*\??\.\s*([\w$]*)$/.exec(after.text) ?? [];
      const of = typeOf(known, context.state.doc.toString(), name ?? "");
      const from = context.pos - (part?.length ?? 0);
      if (of === undefined) {
        return null;
      }
      const fitting = (of.item.members ?? []).filter((member) => of.item.kind !== "class" || member.static === of.itself);
      const options = [...new Map(fitting.map((member) => [member.name, ofMember(of.item, member)])).values()];
      return { from, options, validFor: /^[\w$]*$/ };
    }
    const word = context.matchBefore(/[A-Za-z_$][\w$]*/);
    if (word === null && !context.explicit) {
      return null;
    }
    return { from: word?.from ?? context.pos, options: globals, validFor: /^[\w$]*$/ };
  };
}

// modules completes what can be imported.
function modules(known: Known, context: CompletionContext): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const open = /(?:from\s*|require\(\s*|import\s*\(?\s*)["']([^"']*)$/.exec(before);
  return open === null ? null : { from: context.pos - open[1]!.length, options: known.modules.map((label) => ({ label, type: "namespace" })), validFor: /^[^"']*$/ };
}

// explain shows what the name under the pointer is.
export function explain(known: Known): Extension {
  return hoverTooltip((view, pos) => {
    const found = look(known, view.state, pos);
    return found === undefined ? null : { pos: found.from, end: found.to, above: true, create: () => ({ dom: told(found.what) }) };
  }, { hoverTime: 350 });
}

function look(known: Known, state: EditorState, pos: number): { from: number; to: number; what: Told } | undefined {
  const node = syntaxTree(state).resolveInner(pos, 0);
  if (/Comment|String|Template/.test(node.name)) {
    return undefined;
  }
  const word = state.wordAt(pos);
  if (word === null) {
    return undefined;
  }
  const name = state.sliceDoc(word.from, word.to);
  const before = /([A-Za-z_$][\w$]*)\s*\??\.\s*$/.exec(state.sliceDoc(Math.max(0, word.from - 80), word.from));
  if (before === null) {
    const item = known.items.get(name);
    return item === undefined ? undefined : { from: word.from, to: word.to, what: item.constructors?.length ? { ...item, signature: item.constructors.join("\n") } : item };
  }
  const of = typeOf(known, state.doc.toString(), before[1]!);
  const all = known.members.get(name) ?? [];
  const one = all.find(({ item }) => item === of?.item) ?? (new Set(all.map(({ member }) => member.signature)).size === 1 ? all[0] : undefined);
  return one === undefined ? undefined : { from: word.from, to: word.to, what: { ...one.member, owner: one.item.name } };
}
