import { useContext } from "preact/hooks";
import { Problem, Says, Search, When } from "../part/parts";
import { address, set, useRoute } from "../route";
import { Session } from "../session";
import { Said, Text, bytes, count } from "../text";
import { dayTime, useZone } from "../time";
import type { Health, Host, Setting, Stats } from "../types";
import { useAsk, useNow } from "../use";

const titles: Record<string, string> = {
  store: "Store", disk: "Disk space", intake: "Intake", queue: "Queue", endpoints: "Servers", apps: "Apps", dead: "Dead letters", plugins: "Scripts", host: "Host", hosts: "Hosts",
};

// Where more is said of a part.
const places: Record<string, string[]> = { queue: ["queue"], endpoints: ["queue"], apps: ["queue"], dead: ["queue", "dead"], plugins: ["scripts"] };

export function HealthPage() {
  const { params } = useRoute();
  const health = useAsk<Health>("/api/v1/health", 5);
  const host = useAsk<Host>("/api/v1/host");
  const stats = useAsk<Stats>("/api/v1/stats", 10);
  const settings = useAsk<{ settings: Setting[] }>("/api/v1/settings");
  const me = useContext(Session);
  useZone();
  const now = useNow(5);
  const find = (params["find"] ?? "").toLowerCase();
  const shown = (settings.value?.settings ?? []).filter((s) => (find === "" || (s.key + " " + s.value + " " + s.meaning).toLowerCase().includes(find)) && (find !== "" || params["all"] === "1" || s.from !== "default"));
  const words = { ok: "Everything works", degraded: "It works, and somebody should look", failing: "It does not work" };
  return (
    <div class="page health">
      <header class="bar">
        <h1>Health</h1>
        {health.value !== undefined && <p class="verdict"><Says of={health.value.status} text={words[health.value.status]} /></p>}
      </header>
      <div class="scroll">
        <Problem text={health.error} again={health.again} />
        <ul class="components">
          {(health.value?.components ?? []).map((component) => (
            <li key={component.name} class={component.status}>
              <h2>
                <Says of={component.status} text={titles[component.name] ?? component.name} />
                {places[component.name] !== undefined && <a href={address(places[component.name]!)}>{component.status === "ok" ? "see" : "see why"}</a>}
              </h2>
              <p><Said of={component.summary} /></p>
              {component.problems.map((problem, i) => (
                <div class="trouble" key={i}>
                  <p><Said of={problem.text} /></p>
                  {problem.todo !== undefined && <p class="todo"><Said of={problem.todo} /></p>}
                </div>
              ))}
            </li>
          ))}
        </ul>
        <section class="block">
          <h2>Build and host</h2>
          <dl class="facts wide">
            <div><dt>Version</dt><dd>{host.value?.version ?? me?.version}</dd></div>
            {host.value?.started !== undefined && <div><dt>Started</dt><dd>{dayTime(host.value.started)} <span class="muted"><When at={host.value.started} now={now} /></span></dd></div>}
            <div><dt>Sends to</dt><dd><code><Text of={host.value?.endpoint} /></code></dd></div>
            <div><dt>Default app</dt><dd><code>{host.value?.app_token}</code> {host.value?.environment}</dd></div>
            <div><dt>Plugins</dt><dd class="long"><code><Text of={host.value?.plugins_dir} /></code></dd></div>
            {stats.value !== undefined && <div><dt>Store</dt><dd>{bytes(stats.value.bytes)}; answers {count(stats.value.first)} to {count(stats.value.last)} are in the log</dd></div>}
          </dl>
        </section>
        <section class="block">
          <header>
            <h2>Configuration in effect</h2>
            <Search label="Find a setting" value={params["find"] ?? ""} onFind={(text) => set({ find: text })} />
            <label class="check"><input type="checkbox" checked={params["all"] === "1"} onChange={(event) => set({ all: event.currentTarget.checked ? "1" : undefined })} /> with defaults</label>
          </header>
          <Problem text={settings.error} again={settings.again} />
          <div class="table-room" tabIndex={0} role="region" aria-label="Settings">
            <table class="grid settings">
              <thead><tr><th scope="col">Key</th><th scope="col">Value</th><th scope="col">From</th><th scope="col">Meaning</th></tr></thead>
              <tbody>
                {shown.map((s) => (
                  <tr key={s.key}>
                    <th scope="row" class="mono"><Text of={s.key} /></th>
                    <td class="mono"><Text of={s.value === "" ? "–" : s.value} /></td>
                    <td class={s.from === "default" ? "muted" : ""}><Text of={s.from} />{s.live && <span class="tag" title="It can change while the host runs: trackhook reload">live</span>}</td>
                    <td class="muted"><Text of={s.meaning} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="hint">Secrets are not shown. Passwords in addresses are masked.</p>
        </section>
      </div>
    </div>
  );
}
