// What servers, devices and scripts say is text. Characters that nobody sees, or that change what is seen, are shown as what they are.
import type { ComponentChildren } from "preact";
import { dayTime, fullTime } from "./time";

// Controls (without the newline), marks of direction, what has no width, and halves of pairs.
const hidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const names: Record<number, string> = { 0: "NUL", 7: "BEL", 8: "BS", 9: "TAB", 13: "CR", 27: "ESC", 127: "DEL" };

function charName(char: string): string {
  const code = char.charCodeAt(0);
  return names[code] ?? "U+" + code.toString(16).toUpperCase().padStart(4, "0");
}

// visible is a text with what is hidden in it shown. One line unless `lines` is set: then newlines and tabs do what they do.
export function visible(text: string, lines = false): ComponentChildren {
  const parts: ComponentChildren[] = [];
  let from = 0;
  const pattern = lines ? hidden : new RegExp(hidden.source + "|\\n", "g");
  for (const match of text.matchAll(pattern)) {
    const char = match[0];
    if (lines && char === "\t") {
      continue;
    }
    parts.push(text.slice(from, match.index));
    const name = char === "\n" ? "LF" : charName(char);
    parts.push(<span class="hidden-char" title={"U+" + char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}>{name}</span>);
    from = match.index + char.length;
  }
  if (from === 0) {
    return text;
  }
  parts.push(text.slice(from));
  return parts;
}

// Text is a text of others on one line.
export function Text({ of, lines }: { of: string | undefined; lines?: boolean }) {
  return <bdi>{visible(of ?? "", lines)}</bdi>;
}

const times = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

// Said is a text of the host, with its times as the page tells times.
export function Said({ of }: { of: string | undefined }) {
  return <bdi>{(of ?? "").split(times).map((part, i) => i % 2 === 1 ? <time key={i} dateTime={part} title={fullTime(part)}>{dayTime(part)}</time> : visible(part))}</bdi>;
}

// nameOf is the plugin of a run. One that there is none of now is known by the name of its listener.
export function nameOf(run: { plugin?: string; listener: string }): string {
  return run.plugin ?? run.listener.replace(/^plugin\//, "");
}

// sentence writes words of the host as a sentence of the page.
export function sentence(words: string): string {
  return words === "" ? "" : words[0]!.toUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? "" : ".");
}

// short is a device, an id or another long word, cut in the middle.
export function short(text: string, length = 28): string {
  if (text.length <= length) {
    return text;
  }
  const head = Math.ceil((length - 1) * 0.6);
  return text.slice(0, head) + "…" + text.slice(text.length - (length - 1 - head));
}

// Device is a device key with what tells devices apart first, and then what kind of identifier it is.
export function Device({ of, length = 26 }: { of: string; length?: number }) {
  const cut = of.indexOf("=");
  const [kind, id] = cut < 0 ? ["", of] : [of.slice(0, cut), of.slice(cut + 1)];
  return (
    <span class="device" title={of}>
      <bdi>{visible(short(id, length))}</bdi>
      <span class="muted"> {visible(short(kind.replace(/_?device_id$|_?id$/, "") || kind, 12))}</span>
    </span>
  );
}

const number = new Intl.NumberFormat("en-US");

export function count(n: number | undefined): string {
  return n === undefined ? "–" : number.format(n);
}

export function plural(n: number, one: string, many = one + "s"): string {
  return count(n) + " " + (n === 1 ? one : many);
}

export function bytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  while (n >= 1024 && at < units.length - 1) {
    n /= 1024;
    at++;
  }
  return (at === 0 || n >= 100 ? Math.round(n).toString() : n.toFixed(1)) + " " + units[at];
}

// took is a duration of nanoseconds.
export function took(ns: number | undefined): string {
  if (ns === undefined) {
    return "–";
  }
  if (ns < 1e3) {
    return ns + " ns";
  }
  if (ns < 1e6) {
    return trim(ns / 1e3) + " µs";
  }
  if (ns < 1e9) {
    return trim(ns / 1e6) + " ms";
  }
  return trim(ns / 1e9) + " s";
}

function trim(n: number): string {
  return n >= 100 ? Math.round(n).toString() : n >= 10 ? n.toFixed(1) : n.toFixed(2);
}
