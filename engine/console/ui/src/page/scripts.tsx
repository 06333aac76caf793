import { useEffect, useState } from "preact/hooks";
import { query } from "../ask";
import { draftPaths, onDrafts } from "../draft";
import { useKeys } from "../keys";
import { NewScript } from "../part/newscript";
import { Button, Empty, Problem, Says, Search, When } from "../part/parts";
import { Where } from "../part/problem";
import { address, go, set, useRoute } from "../route";
import { useMay } from "../session";
import { Text, count, sentence, took } from "../text";
import { useZone } from "../time";
import type { Script, Scripts } from "../types";
import { useAsk, useNow } from "../use";
import { Workspace } from "./workspace";

export function ScriptsPage() {
  const { path, params } = useRoute();
  const opened = path[1] !== undefined || params["file"] !== undefined;
  const scripts = useAsk<Scripts>("/api/v1/scripts", opened ? 2 : 3);
  const [making, setMaking] = useState(false);
  return (
    <>
      {opened
        ? <Workspace key={path[1] ?? ""} name={path[1] ?? ""} scripts={scripts} />
        : <List scripts={scripts.value} error={scripts.error} again={scripts.again} onNew={() => setMaking(true)} />}
      {making && <NewScript onClose={() => setMaking(false)} onMade={(name) => { setMaking(false); scripts.again(); go(address(["scripts", name])); }} />}
    </>
  );
}

// States in words, for people who do not know the host's.
export const states: Record<Script["state"], string> = {
  loading: "loading",
  standby: "stands by",
  live: "runs",
  broken_edit: "broken edit",
  broken: "broken",
  quarantined: "set aside",
  removed: "removed",
};

export function useDrafts(): string[] {
  const [drafts, setDrafts] = useState(draftPaths);
  useEffect(() => onDrafts(() => setDrafts(draftPaths())), []);
  return drafts;
}

function List({ scripts, error, again, onNew }: { scripts: Scripts | undefined; error: string; again: () => void; onNew: () => void }) {
  const { params } = useRoute();
  const may = useMay();
  useZone();
  const now = useNow(5);
  const drafts = useDrafts();
  const find = (params["find"] ?? "").toLowerCase();
  const plugins = (scripts?.plugins ?? []).filter((plugin) => plugin.name.toLowerCase().includes(find));
  const others = (scripts?.files ?? []).filter((file) => (file.plugin ?? "") === "" && !file.folder && file.path.toLowerCase().includes(find));
  const writable = may.edit && (scripts?.folder.writable ?? false);
  const step = (by: number) => {
    const links = [...document.querySelectorAll<HTMLElement>(".plugins th a")];
    const at = links.indexOf(document.activeElement as HTMLElement);
    links[at < 0 ? 0 : Math.max(0, Math.min(at + by, links.length - 1))]?.focus();
  };
  useKeys([
    { key: "j", does: "next script below; Enter opens it", act: () => step(1) },
    { key: "k", does: "next script above", act: () => step(-1) },
    ...(writable ? [{ key: "n", does: "new script", act: onNew }] : []),
  ]);
  return (
    <div class="page scripts">
      <header class="bar">
        <h1>Scripts</h1>
        <Search label="Find a script" value={params["find"] ?? ""} onFind={(text) => set({ find: text })} />
        <div class="bar-end">{writable && <Button icon="plus" kind="main" onClick={onNew}>New script</Button>}</div>
      </header>
      <div class="scroll">
        <Problem text={error} again={again} />
        {may.scripts && !may.edit && may.why !== "" && <p class="notice">{sentence(may.why)}</p>}
        {scripts !== undefined && !scripts.folder.writable && scripts.folder.why !== "" && <p class="notice">{sentence(scripts.folder.why)} {scripts.folder.present ? "You can try drafts here, and not save them." : "Make it, and what you drop in runs at once."}</p>}
        {scripts !== undefined && scripts.plugins.length === 0 && (
          <Empty title="No scripts yet">
            <p>A script hears every answer and can react to it. Drop one into <code>{scripts.folder.path}</code>{writable ? ", or begin with a template" : ""}; it runs the moment it is saved.</p>
            {writable && <Button kind="main" icon="plus" onClick={onNew}>New script</Button>}
          </Empty>
        )}
        {plugins.length > 0 && (
          <div class="table-room" tabIndex={0} role="region" aria-label="Plugins">
            <table class="grid plugins">
              <thead><tr>
                <th scope="col">Script</th><th scope="col">State</th><th scope="col">Running</th><th scope="col">On disk</th><th scope="col">Reloaded</th>
                <th scope="col" class="num">Runs</th><th scope="col" class="num">Failed</th><th scope="col" class="num" title="Half of the runs took less">p50</th><th scope="col" class="num" title="99 of 100 runs took less">p99</th><th scope="col" class="num" title="Answers in the log that it has not come to yet">Behind</th>
              </tr></thead>
              <tbody>{plugins.map((plugin) => <Row key={plugin.name} plugin={plugin} now={now} draft={plugin.files.some((file) => drafts.includes(file))} />)}</tbody>
            </table>
          </div>
        )}
        {others.length > 0 && (
          <section class="block others">
            <h2>Other files <span class="muted">of the folder, which are no plugins</span></h2>
            <ul>{others.map((file) => <li key={file.path}>{file.editable ? <a class="mono" href={address(["scripts"], { file: file.path })}><Text of={file.path} /></a> : <span class="mono muted" title={file.why}><Text of={file.path} /></span>}{drafts.includes(file.path) && <span class="tag">draft</span>}</li>)}</ul>
          </section>
        )}
        {scripts?.truncated && <p class="hint">There are more files than are shown.</p>}
        {scripts !== undefined && <p class="hint">Folder: <code><Text of={scripts.folder.path} /></code>. Files that you edit there and files that you edit here are the same.</p>}
      </div>
    </div>
  );
}

function Row({ plugin, now, draft }: { plugin: Script; now: number; draft: boolean }) {
  const to = address(["scripts", plugin.name]);
  const failing = plugin.state !== "live" && plugin.last_error !== undefined;
  return (
    <>
      <tr class={failing ? "with-problem" : ""} onClick={(event) => { if (!(event.target as Element).closest("a")) { go(to); } }}>
        <th scope="row"><a href={to}><b><Text of={plugin.name} /></b></a>{draft && <span class="tag">draft</span>}</th>
        <td><Says of={plugin.state} text={states[plugin.state]} /></td>
        <td class="mono">{plugin.running || "–"}</td>
        <td class={"mono" + (plugin.disk === plugin.running ? " muted" : "")}>{plugin.disk || "–"}</td>
        <td><When at={plugin.last_reload ?? plugin.since} now={now} /></td>
        <td class="num">{count(plugin.runs)}</td>
        <td class={"num" + (plugin.errors === 0 ? " zero" : " bad")}>{plugin.errors === 0 ? 0 : <a href={address([], { plugin: plugin.name })}>{count(plugin.errors)}</a>}</td>
        <td class="num">{took(plugin.p50_ns)}</td>
        <td class="num">{took(plugin.p99_ns)}</td>
        <td class={"num" + (plugin.lag === 0 ? " zero" : "")}>{plugin.cursor_unknown ? "–" : count(plugin.lag)}</td>
      </tr>
      {failing && (
        <tr class="problem-row"><td colSpan={10}>
          <Where problem={{ severity: "error", ...plugin.last_error! }} href={address(["scripts", plugin.name]) + query({ line: plugin.last_error!.line, column: plugin.last_error!.column })} />
        </td></tr>
      )}
      {(plugin.warnings ?? []).map((warning, i) => <tr key={i} class="problem-row"><td colSpan={10}><Where problem={{ severity: "warning", ...warning }} href={to} /></td></tr>)}
    </>
  );
}
