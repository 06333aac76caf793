// What stands around every view: where one can go, whose host this is, and how the page looks.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { allKeys, mac, useKeys, type Key } from "../keys";
import { address, go, useRoute } from "../route";
import { signOut } from "../session";
import { Text } from "../text";
import { applyTheme, theme, type Theme } from "../theme";
import { offset, switchZone, useZone } from "../time";
import type { Health, Host, Me, Plugin, Stats } from "../types";
import { useAsk } from "../use";
import { Icon, Mark, type IconName } from "./icon";
import { Dialog } from "./parts";

const places: [string, string, IconName][] = [
  ["", "Answers", "answers"],
  ["scripts", "Scripts", "scripts"],
  ["queue", "Queue", "queue"],
  ["report", "Report", "report"],
  ["health", "Health", "health"],
];

export function Shell({ me, onOut, children }: { me: Me; onOut: () => void; children: ComponentChildren }) {
  const { path } = useRoute();
  const [help, setHelp] = useState(false);
  const health = useAsk<Health>("/api/v1/health", 10);
  const plugins = useAsk<{ plugins: Plugin[] }>("/api/v1/plugins", 10);
  const stats = useAsk<Stats>("/api/v1/stats", 10);
  const broken = (plugins.value?.plugins ?? []).filter((plugin) => plugin.state.startsWith("broken") || plugin.state === "quarantined").length;
  useKeys([
    { key: "/", does: "search", act: () => document.querySelector<HTMLInputElement>("[data-search]")?.select() },
    { key: "?", does: "show these keys", act: () => setHelp(true) },
    ...places.map(([name, title], i): Key => ({ key: String(i + 1), does: title, act: () => go(address(name === "" ? [] : [name])) })),
  ]);
  const badge = (name: string): ComponentChildren => {
    if (name === "scripts" && broken > 0) {
      return <span class="badge bad">{broken}<span class="unseen"> broken</span></span>;
    }
    if (name === "queue" && (stats.value?.dead ?? 0) > 0) {
      return <span class="badge">{stats.value!.dead > 999 ? "999+" : stats.value!.dead}<span class="unseen"> dead letters</span></span>;
    }
    if (name === "health" && health.value !== undefined && health.value.status !== "ok") {
      return <span class={"badge " + (health.value.status === "failing" ? "bad" : "warn")}>!<span class="unseen"> {health.value.status}</span></span>;
    }
    return null;
  };
  return (
    <div class="shell">
      <a class="skip" href="#view">To the view</a>
      <nav class="rail" aria-label="Views">
        <a class="brand" href={address([])} aria-label="Trackhook, to the answers"><Mark /> <span>Trackhook</span></a>
        <ul>
          {places.map(([name, title, icon]) => (
            <li key={name}>
              <a href={address(name === "" ? [] : [name])} aria-current={(path[0] ?? "") === name ? "page" : undefined}>
                <Icon name={icon} /><span>{title}</span>{badge(name)}
              </a>
            </li>
          ))}
        </ul>
        <Foot me={me} onHelp={() => setHelp(true)} onOut={onOut} />
      </nav>
      <main id="view" tabIndex={-1}>{children}</main>
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}

function Foot({ me, onHelp, onOut }: { me: Me; onHelp: () => void; onOut: () => void }) {
  const host = useAsk<Host>("/api/v1/host");
  const [look, setLook] = useState<Theme>(theme());
  const zone = useZone();
  const looks: [Theme, string, IconName][] = [["", "As the system", "auto"], ["light", "Light", "sun"], ["dark", "Dark", "moon"]];
  const out = async () => {
    await signOut().catch(() => undefined);
    onOut();
  };
  return (
    <div class="foot">
      <div class="host">
        <p><Text of={me.host} /></p>
        {host.value !== undefined && <p class="muted"><code>{host.value.app_token}</code> <span class={"tag " + host.value.environment}>{host.value.demo ? "demo" : host.value.environment}</span></p>}
        {me.who !== undefined && me.who !== "owner" && <p class="muted" title="The name of your token"><Text of={me.who} /></p>}
        <p class="muted">Trackhook {me.version}</p>
      </div>
      <button type="button" class="zone" onClick={switchZone} title="Switch between your time zone and UTC">{zone}{offset() !== "" && <span class="muted"> {offset()}</span>}</button>
      <div class="tools">
        <div class="looks" role="group" aria-label="Colours">
          {looks.map(([name, title, icon]) => (
            <button key={name} type="button" aria-pressed={look === name} aria-label={title} title={title} onClick={() => { applyTheme(name); setLook(name); }}><Icon name={icon} /></button>
          ))}
        </div>
        <button type="button" class="copy" onClick={onHelp} aria-label="Keys" title="Keys (?)"><Icon name="keys" /></button>
        {me.how === "session" && <button type="button" class="copy" onClick={() => void out()} aria-label="Sign out" title="Sign out"><Icon name="out" /></button>}
      </div>
    </div>
  );
}

// named writes a key as people know it.
export function named(key: string): string {
  const mod = mac ? "⌘" : "Ctrl ";
  return key.replace("mod+", mod).replace("Escape", "Esc").replace(/\b([a-z])$/, (letter) => (key.startsWith("mod+") ? letter.toUpperCase() : letter));
}

function Help({ onClose }: { onClose: () => void }) {
  const [keys] = useState(allKeys);
  return (
    <Dialog title="Keys" onClose={onClose}>
      <table class="keys">
        <tbody>{keys.map((key) => <tr key={key.key}><th scope="row"><kbd>{named(key.key)}</kbd></th><td>{key.does}</td></tr>)}</tbody>
      </table>
      <p class="hint">In the editor, Tab indents; press Esc and then Tab to leave it.</p>
    </Dialog>
  );
}
