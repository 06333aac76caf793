// What the browser keeps for this page: drafts, and how it looks. Never anything secret.
const prefix = "trackhook.";

export function kept(name: string): string {
  try {
    return localStorage.getItem(prefix + name) ?? "";
  } catch {
    return "";
  }
}

// keep keeps a text; "" forgets it. It says whether the browser took it.
export function keep(name: string, value: string): boolean {
  try {
    if (value === "") {
      localStorage.removeItem(prefix + name);
    } else {
      localStorage.setItem(prefix + name, value);
    }
    return true;
  } catch {
    return false;
  }
}

export function keptNames(start: string): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix + start)).map((name) => name.slice(prefix.length));
  } catch {
    return [];
  }
}
