// Light, dark, or what the system says.
import { keep, kept } from "./keep";

export type Theme = "" | "light" | "dark";

export function theme(): Theme {
  const name = kept("theme");
  return name === "light" || name === "dark" ? name : "";
}

export function applyTheme(name: Theme = theme()): void {
  keep("theme", name);
  if (name === "") {
    delete document.documentElement.dataset["theme"];
  } else {
    document.documentElement.dataset["theme"] = name;
  }
}
