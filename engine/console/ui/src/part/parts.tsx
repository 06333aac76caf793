// Small things that all views are made of.
import type { ComponentChildren, ComponentProps } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ago, fullTime, useZone } from "../time";
import { Text, short, visible } from "../text";
import { Icon, type IconName } from "./icon";

// Says is what an outcome, a verdict or a state is called, with a mark of its own form and colour.
export function Says({ of, text }: { of: string; text?: string }) {
  return (
    <span class={"says says-" + of}>
      <span class="dot" aria-hidden="true" />
      {text ?? of.replaceAll("_", " ")}
    </span>
  );
}

export function Button({ icon, kind, busy, children, ...rest }: { icon?: IconName; kind?: "main" | "plain" | "danger"; busy?: boolean; children?: ComponentChildren } & Omit<ComponentProps<"button">, "icon">) {
  return (
    <button type="button" {...rest} class={"button " + (kind ?? "")} aria-busy={busy}>
      {icon !== undefined && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}

// Empty is shown where there is nothing yet, and teaches how something comes there.
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Problem({ text, again }: { text: string; again?: () => void }) {
  return text === "" ? null : (
    <div class="problem" role="alert">
      <Icon name="warn" />
      <p>{text}</p>
      {again !== undefined && <Button onClick={again}>Try again</Button>}
    </div>
  );
}

export function Copy({ text, label = "Copy" }: { text: string; label?: string }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) {
      return;
    }
    const timer = setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    if (await toClipboard(text)) {
      setDone(true);
    }
  };
  return (
    <button type="button" class="copy" onClick={() => void copy()} aria-label={done ? "Copied" : label} title={label}>
      <Icon name={done ? "check" : "copy"} />
    </button>
  );
}

// Browsers give the clipboard to pages of TLS and of this machine only; elsewhere the old way is left.
async function toClipboard(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

// Code is something to paste somewhere else. What is hidden in it is shown, and copied as it is.
export function Code({ text, label }: { text: string; label?: string }) {
  return (
    <div class="code">
      <pre tabIndex={0}>{visible(text, true)}</pre>
      <Copy text={text} label={label ?? "Copy"} />
    </div>
  );
}

// When is a time, with how long ago it was.
export function When({ at, now }: { at: string | undefined; now?: number }) {
  useZone();
  return at === undefined ? <>–</> : <time dateTime={at} title={fullTime(at)}>{ago(at, now)}</time>;
}

export function Choice({ label, value, all, onPick }: { label: string; value: string; all: [string, string][]; onPick: (value: string) => void }) {
  return (
    <label class={"choice" + (value === all[0]?.[0] ? "" : " chosen")}>
      <span class="unseen">{label}</span>
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {all.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
        {!all.some(([key]) => key === value) && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}

// Chip is a filter that is set, and takes itself away.
export function Chip({ name, value, onEnd }: { name: string; value: string; onEnd: () => void }) {
  return <button type="button" class="chip" onClick={onEnd} title="Take this filter away">{name} <b><Text of={short(value, 24)} /></b> ×</button>;
}

// Search is a field that is in the address when nothing was typed for a moment.
export function Search({ label, value, onFind, wide }: { label: string; value: string; onFind: (value: string) => void; wide?: boolean }) {
  const [text, setText] = useState(value);
  const find = useRef(onFind);
  find.current = onFind;
  const told = useRef(value);
  useEffect(() => {
    if (value !== told.current) {
      told.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => {
    if (text === told.current) {
      return;
    }
    const timer = setTimeout(() => {
      told.current = text;
      find.current(text);
    }, 250);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label class={"search" + (wide ? " wide" : "")}>
      <span class="unseen">{label}</span>
      <Icon name="search" />
      <input type="search" data-search="" value={text} placeholder={label} spellcheck={false} autocomplete="off" maxLength={200}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            setText("");
            event.currentTarget.blur();
          }
        }} />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}

// Ask is a question before something that cannot be taken back, or needs a word.
export function Dialog({ title, onClose, children, wide }: { title: string; onClose: () => void; children: ComponentChildren; wide?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current!;
    const before = document.activeElement;
    shown.showModal();
    // What somebody came for has the cursor: a field, or what does it, unless that cannot be taken back.
    (shown.querySelector<HTMLElement>("input[type=text], input[type=radio]:checked") ?? shown.querySelector<HTMLElement>("footer .button.main:not(:disabled)") ?? shown.querySelector<HTMLElement>("footer .button"))?.focus();
    return () => {
      shown.close();
      if (before instanceof HTMLElement) {
        before.focus();
      }
    };
  }, []);
  return (
    <dialog ref={dialog} class={wide ? "wide" : ""} aria-label={title} onCancel={(event) => { event.preventDefault(); onClose(); }}
      onClick={(event) => { if (event.target === dialog.current) { onClose(); } }}>
      <div class="dialog">
        <header>
          <h2>{title}</h2>
          <button type="button" class="copy" onClick={onClose} aria-label="Close"><Icon name="close" /></button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

export function Tabs({ all, at, onPick, label }: { all: [string, ComponentChildren][]; at: string; onPick: (name: string) => void; label: string }) {
  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by !== 0) {
      const next = all[(all.findIndex(([name]) => name === at) + by + all.length) % all.length]![0];
      onPick(next);
      const list = event.currentTarget as HTMLElement;
      requestAnimationFrame(() => list.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
    }
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={step}>
      {all.map(([name, text]) => (
        <button key={name} type="button" role="tab" aria-selected={name === at} tabIndex={name === at ? 0 : -1} onClick={() => onPick(name)}>{text}</button>
      ))}
    </div>
  );
}
