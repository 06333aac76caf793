// The keyboard: each view says what its keys do, and `?` lists them.
import { useEffect, useRef } from "preact/hooks";

export interface Key {
  // The key, as events name it; "mod+s" is with Ctrl, or Cmd on a Mac.
  key: string;
  does: string;
  // It works while somebody types, too.
  typing?: boolean;
  act: () => void;
}

const shown: (() => Key[])[] = [];

export const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);

// useKeys has the keys of a view work while it is shown. Those of the view that came last come first.
export function useKeys(keys: Key[]): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const list = () => latest.current;
    shown.push(list);
    return () => void shown.splice(shown.indexOf(list), 1);
  }, []);
}

export function allKeys(): Key[] {
  const all = new Map<string, Key>();
  for (const list of shown.slice().reverse()) {
    for (const key of list()) {
      if (!all.has(key.key)) {
        all.set(key.key, key);
      }
    }
  }
  return [...all.values()];
}

// types tells whether keys that are pressed there write something.
function types(target: EventTarget | null): boolean {
  const at = target instanceof Element ? target : null;
  const inner = at?.shadowRoot?.activeElement ?? at;
  return inner instanceof HTMLElement && (inner.isContentEditable || inner.matches("input:not([type=checkbox]), textarea, select"));
}

export function press(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented) {
    return;
  }
  const mod = event.ctrlKey || event.metaKey;
  const name = (mod ? "mod+" : "") + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
  if (event.altKey) {
    return;
  }
  const typing = types(event.target);
  const activates = event.key === "Enter" && event.target instanceof Element && event.target.closest("a, button, summary") !== null;
  if (activates || document.querySelector("dialog[open]") !== null) {
    return;
  }
  const key = allKeys().find((k) => k.key === name && (k.typing || !typing));
  if (key !== undefined) {
    event.preventDefault();
    key.act();
  }
}
