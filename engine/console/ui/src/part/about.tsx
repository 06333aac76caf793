// What is known of a plugin besides its text: versions, whom it hears, what it may do; renaming and deleting it.
import { useState } from "preact/hooks";
import { ask, query, said } from "../ask";
import { draftOf, keepDraft } from "../draft";
import { states } from "../page/scripts";
import { address } from "../route";
import { Text, count, plural, took } from "../text";
import type { Folder, Script, ScriptFile, Scripts } from "../types";
import { span } from "../time";
import { useNow } from "../use";
import { Button, Dialog, Problem, Says, When } from "./parts";
import { Where } from "./problem";

export function About({ script, scripts, writable, onGone }: { script: Script; scripts: Scripts; writable: boolean; onGone: (name: string | undefined) => void }) {
  const now = useNow(5);
  const p = script.permissions;
  const [doing, setDoing] = useState<"rename" | "delete">();
  return (
    <div class="about">
      <dl class="facts">
        <div><dt>State</dt><dd><Says of={script.state} text={states[script.state]} />{script.since !== undefined && <span class="muted"> for {span(now - Date.parse(script.since))}</span>}</dd></div>
        <div><dt>Running</dt><dd><code>{script.running || "–"}</code></dd></div>
        <div><dt>On disk</dt><dd><code>{script.disk || "–"}</code></dd></div>
        <div><dt>Reloads</dt><dd>{count(script.reloads)}{script.last_reload !== undefined && <span class="muted">, last <When at={script.last_reload} now={now} /></span>}</dd></div>
        <div><dt>Runs</dt><dd>{count(script.runs)}, <a href={address([], { plugin: script.name })}>{count(script.errors)} failed</a></dd></div>
        <div><dt>Takes</dt><dd>{script.p50_ns === undefined || script.p50_ns === 0 ? <span class="muted">this version has not run yet</span> : <>{took(script.p50_ns)} <span class="muted">or less for half of the runs,</span> {took(script.p99_ns)} <span class="muted">for 99 of 100</span></>}</dd></div>
        {!script.cursor_unknown && <div><dt>Behind</dt><dd>{script.lag === 0 ? "nothing" : plural(script.lag, "answer")}</dd></div>}
        {script.isolation !== undefined && <div><dt>Process</dt><dd>{script.isolation === "none" ? "the host’s" : script.isolation}{(script.deaths ?? 0) > 0 && <span class="muted">, which died {plural(script.deaths!, "time")}</span>}</dd></div>}
        {(script.set_aside ?? 0) > 0 && <div><dt>Set aside</dt><dd>{plural(script.set_aside!, "answer")} that ended its process twice</dd></div>}
        {(script.lost ?? 0) > 0 && <div><dt>Lost</dt><dd>{plural(script.lost!, "answer")} gone from the log before it came to them</dd></div>}
      </dl>
      {script.last_error !== undefined && script.state !== "live" && <section><h3>Why it is broken</h3><Where problem={{ severity: "error", ...script.last_error }} /></section>}
      {(script.warnings ?? []).length > 0 && <section><h3>Warnings</h3>{script.warnings!.map((warning, i) => <Where key={i} problem={{ severity: "warning", ...warning }} />)}</section>}
      <section>
        <h3>Listens to</h3>
        {script.registered.length === 0 && <p class="hint">Nothing: it has started no config.</p>}
        {script.registered.map((app) => <p key={app.app_token + app.environment}><code>{app.app_token}</code> <span class="muted">{app.environment}:</span> {app.listeners.join(", ").replaceAll("_", " ")}</p>)}
      </section>
      <section>
        <h3>May</h3>
        <ul class="may">
          <li>fetch from {p.any_public_host ? "every public address" : p.hosts.length === 0 ? "nowhere" : p.hosts.map((host, i) => <>{i > 0 && ", "}<code><Text of={host} /></code></>)}</li>
          <li>read {p.env.length === 0 ? "no variable of the environment" : p.env.map((name, i) => <>{i > 0 && ", "}<code><Text of={name} /></code></>)}</li>
          <li>run for {took(p.timeout_ms * 1e6)} for each answer</li>
        </ul>
        <p class="hint">Granted in the configuration file, below <code>plugins: {script.name}</code>.</p>
      </section>
      {writable && (
        <p class="actions">
          <Button onClick={() => setDoing("rename")}>Rename…</Button>
          <Button kind="danger" icon="trash" onClick={() => setDoing("delete")}>Delete…</Button>
        </p>
      )}
      {doing !== undefined && <Move script={script} scripts={scripts} what={doing} onClose={() => setDoing(undefined)} onGone={onGone} />}
    </div>
  );
}

function Move({ script, scripts, what, onClose, onGone }: { script: Script; scripts: Scripts; what: "rename" | "delete"; onClose: () => void; onGone: (name: string | undefined) => void }) {
  const [name, setName] = useState(script.name);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const first = script.files[0] ?? script.name;
  const folder = first.includes("/") ? first.slice(0, first.indexOf("/")) : undefined;
  const act = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      const path = folder ?? first;
      const version = folder === undefined ? (await ask<ScriptFile>("/api/v1/scripts/file" + query({ path }))).version : (await ask<Folder>("/api/v1/scripts/folder" + query({ path }))).version;
      if (what === "rename") {
        const to = folder === undefined ? name + first.slice(first.lastIndexOf(".")) : name;
        const { renamed } = await ask<{ renamed: { from: string; to: string }[] }>("/api/v1/scripts/rename", { method: "POST", body: { path, to, version } });
        for (const { from, to: now } of renamed) {
          keepDraft(now, draftOf(from));
          keepDraft(from, undefined);
        }
        onGone(name);
      } else {
        const { deleted } = await ask<{ deleted: string[] }>("/api/v1/scripts/file" + query({ path, version }), { method: "DELETE" });
        deleted.forEach((gone) => keepDraft(gone, undefined));
        onGone(undefined);
      }
    } catch (problem) {
      setError(said(problem));
      setBusy(false);
    }
  };
  const packages = folder !== undefined && scripts.files.some((file) => file.folder && file.path.startsWith(folder + "/"));
  return (
    <Dialog title={what === "rename" ? `Rename ${script.name}` : `Delete ${script.name}?`} onClose={onClose}>
      <form class="move" onSubmit={(event) => void act(event)}>
        {what === "rename"
          ? (
            <>
              <label>New name <input type="text" required value={name} maxLength={100} spellcheck={false} pattern="[A-Za-z0-9_.\-]+" onInput={(event) => setName(event.currentTarget.value)} /></label>
              <p class="hint">To the host, a renamed plugin is a new one: it begins with the next answer and an empty localStorage. What was kept stays under the old name. Rights in the configuration stay with the old name, too.</p>
            </>
          )
          : (
            <>
              <p>{folder === undefined ? <>The file <code>{first}</code> is removed from the disk.</> : <>The folder <code>{folder}</code> is removed from the disk with {plural(script.files.length, "file")}{packages && " and its packages"}.</>} There is no way back here.</p>
              <p class="hint">Its place in the log and its localStorage are kept until <code>trackhook plugin forget {script.name}</code>.</p>
            </>
          )}
        <Problem text={error} />
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind={what === "delete" ? "danger" : "main"} busy={busy} disabled={busy || (what === "rename" && name === script.name)}>{what === "delete" ? "Delete it" : "Rename"}</Button>
        </footer>
      </form>
    </Dialog>
  );
}
