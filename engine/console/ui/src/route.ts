// Where the page is: a path below /console, and parameters. Every view has an address of its own, which can be sent to others.
import { useLayoutEffect, useState } from "preact/hooks";

export const base = "/console";

export type Params = Record<string, string>;

export interface Route {
  // The parts of the path below the base, decoded. None is the first view.
  path: string[];
  params: Params;
}

export function current(): Route {
  const path = location.pathname.slice(base.length).split("/").filter((part) => part !== "").map(decode);
  return { path, params: Object.fromEntries(new URLSearchParams(location.search)) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// address makes the address of a view. Parameters without a value are left out.
export function address(path: string[], params: Record<string, string | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== "") {
      query.set(name, value);
    }
  }
  const text = query.toString();
  return base + "/" + path.map(encodeURIComponent).join("/") + (text === "" ? "" : "?" + text);
}

const changed = new Set<() => void>();

// go shows another view. An address that replaces the one before leaves no step in the history.
export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) {
    return;
  }
  history[replace ? "replaceState" : "pushState"](null, "", to);
  changed.forEach((tell) => tell());
}

// set changes parameters of the view that is shown.
export function set(params: Record<string, string | undefined>, replace = true): void {
  const here = current();
  go(address(here.path, { ...here.params, ...params }), replace);
}

export function useRoute(): Route {
  const [route, change] = useState(current);
  // Before anything else can happen: after the view was painted, a change that came before would be missed for good.
  useLayoutEffect(() => {
    const tell = () => change(current());
    changed.add(tell);
    addEventListener("popstate", tell);
    return () => {
      changed.delete(tell);
      removeEventListener("popstate", tell);
    };
  }, []);
  return route;
}

// follow has a click on a link of ours change the view without loading the page again.
export function follow(event: MouseEvent): void {
  const link = (event.target as Element).closest("a");
  if (link === null || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return;
  }
  if (link.origin !== location.origin || link.hasAttribute("download") || link.target !== "" || !(link.pathname + "/").startsWith(base + "/")) {
    return;
  }
  event.preventDefault();
  go(link.pathname + link.search);
}
