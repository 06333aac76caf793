// JSON as people read it. Everything in it is text.
import type { ComponentChildren } from "preact";
import { visible } from "../text";

function scalar(value: unknown): ComponentChildren {
  if (typeof value === "string") {
    return <span class="j-text">{visible(JSON.stringify(value), true)}</span>;
  }
  return <span class={value === null ? "j-null" : "j-value"}>{String(value)}</span>;
}

function write(value: unknown, indent: string, out: ComponentChildren[]): void {
  if (typeof value !== "object" || value === null) {
    out.push(scalar(value));
    return;
  }
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  if (entries.length === 0) {
    out.push(list ? "[]" : "{}");
    return;
  }
  out.push(list ? "[" : "{");
  entries.forEach(([name, inner], i) => {
    out.push("\n" + indent + "  ");
    if (!list) {
      out.push(<span class="j-name">{visible(JSON.stringify(name), true)}</span>, ": ");
    }
    write(inner, indent + "  ", out);
    if (i < entries.length - 1) {
      out.push(",");
    }
  });
  out.push("\n" + indent + (list ? "]" : "}"));
}

export function Json({ of }: { of: unknown }) {
  const out: ComponentChildren[] = [];
  write(of, "", out);
  return <pre class="json" tabIndex={0}>{out}</pre>;
}
