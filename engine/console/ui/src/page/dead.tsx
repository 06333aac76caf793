import { useEffect, useRef, useState } from "preact/hooks";
import { aborted, ask, lines, query, said } from "../ask";
import { useKeys } from "../keys";
import { Button, Dialog, Empty, Problem, Says, Search, When } from "../part/parts";
import { usePages } from "../part/pages";
import { address, set, useRoute } from "../route";
import { useMay } from "../session";
import { Device, Text, count, plural, short } from "../text";
import type { Package, PackagePage, Progress, Summary } from "../types";
import { useAsk } from "../use";
import { what } from "./answers";

const names = ["app_token", "environment", "reason", "device", "event_token", "after", "before"] as const;

export function Dead({ now, onChange }: { now: number; onChange: () => void }) {
  const { params } = useRoute();
  const may = useMay();
  const filter = Object.fromEntries(names.map((name) => [name, params[name]]).filter(([, value]) => value !== undefined)) as Record<string, string>;
  const summary = useAsk<Summary>("/api/v1/dead/summary", 10);
  const pages = usePages<PackagePage, Package>("/api/v1/dead" + query({ limit: 100, ...filter }), 10, (answer) => ({ rows: answer.packages, next: answer.next }));
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [bulk, setBulk] = useState<"retry" | "drop">();
  useEffect(() => setPicked(new Set()), [JSON.stringify(filter)]);
  const at = pages.rows.findIndex((p) => p.id === params["id"]);
  const step = (by: number) => set({ id: pages.rows[at < 0 ? 0 : Math.max(0, Math.min(at + by, pages.rows.length - 1))]?.id });
  useKeys([
    { key: "j", does: "next dead letter below", act: () => step(1) },
    { key: "k", does: "next dead letter above", act: () => step(-1) },
    { key: "x", does: "pick it, or not", act: () => { if (at >= 0) { pick(pages.rows[at]!.id); } } },
    { key: "Enter", does: "show it", act: () => step(0) },
    { key: "Escape", does: "close the detail", act: () => set({ id: undefined }) },
  ]);
  const pick = (id: string) => setPicked((was) => {
    const next = new Set(was);
    if (!next.delete(id)) {
      next.add(id);
    }
    return next;
  });
  const reload = () => {
    summary.again();
    pages.again();
    onChange();
    setPicked(new Set());
  };
  const reasons = summary.value?.reasons ?? [];
  const narrowed = Object.keys(filter).length > 0;
  if (summary.value !== undefined && summary.value.dead === 0) {
    return <Empty title="Nothing has died"><p>A dead letter is a package that will not be sent again by itself: the server has refused it for good, or it was too old. It waits here with its reason until somebody retries or drops it.</p></Empty>;
  }
  return (
    <>
      <section class="block">
        <header>
          <h2>By reason</h2>
          {may.operate && <Acknowledge onDone={reload} />}
        </header>
        <Problem text={summary.error} again={summary.again} />
        <div class="table-room" tabIndex={0} role="region" aria-label="Dead letters by reason">
          <table class="grid">
            <thead><tr><th scope="col">Reason</th><th scope="col">App</th><th scope="col">The newest says</th><th scope="col">Oldest</th><th scope="col">Newest</th><th scope="col" class="num">Dead</th></tr></thead>
            <tbody>
              {reasons.map((r) => {
                const chosen = params["reason"] === r.reason && params["app_token"] === r.app_token && params["environment"] === r.environment;
                const to = chosen ? { reason: undefined, app_token: undefined, environment: undefined } : { reason: r.reason, app_token: r.app_token, environment: r.environment };
                return (
                  <tr key={r.app_token + r.environment + r.reason} class={chosen ? "chosen" : ""} onClick={() => set({ ...to, id: undefined })}>
                    <th scope="row"><a href={address(["queue", "dead"], to)} onClick={(event) => { event.preventDefault(); event.stopPropagation(); set({ ...to, id: undefined }); }}><Says of={r.reason} /></a></th>
                    <td><code>{r.app_token}</code> <span class="muted">{r.environment}</span></td>
                    <td class="message"><Text of={r.message} /></td>
                    <td><When at={r.oldest} now={now} /></td>
                    <td><When at={r.newest} now={now} /></td>
                    <td class="num">{count(r.count)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
        {summary.value?.complete === false && <p class="hint">There are more than were counted.</p>}
      </section>
      <section class="block">
        <header>
          <h2>{narrowed ? "These dead letters" : "All dead letters"}</h2>
          <div class="filters">
            <Search label="Event token" value={params["event_token"] ?? ""} onFind={(event_token) => set({ event_token })} />
            {narrowed && <a href={address(["queue", "dead"])}>Take all filters away</a>}
          </div>
          {may.operate && (
            <div class="bar-end">
              <Button icon="retry" onClick={() => setBulk("retry")}>{picked.size > 0 ? `Retry ${count(picked.size)}` : narrowed ? "Retry these" : "Retry all"}</Button>
              <Button icon="trash" kind="danger" onClick={() => setBulk("drop")}>{picked.size > 0 ? `Drop ${count(picked.size)}` : narrowed ? "Drop these" : "Drop all"}</Button>
            </div>
          )}
        </header>
        <Problem text={pages.error} again={pages.again} />
        <div class="table-room" tabIndex={0} role="region" aria-label="Dead letters">
          <table class="grid">
            <thead><tr>{may.operate && <th scope="col" class="pick"><span class="unseen">Pick</span></th>}<th scope="col">Package</th><th scope="col">Reason</th><th scope="col">What</th><th scope="col">Device</th><th scope="col">Died</th><th scope="col">It said</th></tr></thead>
            <tbody>
              {pages.rows.map((p) => (
                <tr key={p.id} class={p.id === params["id"] ? "chosen" : ""} onClick={() => set({ id: p.id })}>
                  {may.operate && <td class="pick" onClick={(event) => event.stopPropagation()}><input type="checkbox" aria-label={"Pick " + p.id} checked={picked.has(p.id)} onChange={() => pick(p.id)} /></td>}
                  <th scope="row" class="mono"><a href={address(["queue", "dead"], { ...params, id: p.id })} title={p.id}>{short(p.id, 14)}</a></th>
                  <td>{p.reason !== undefined && <Says of={p.reason} />}</td>
                  <td>{what(p.kind)}{p.event_token !== undefined && <b class="token"><Text of={p.event_token} /></b>}{p.revenue !== undefined && <span class="muted"> <Text of={p.revenue + " " + (p.currency ?? "")} /></span>}</td>
                  <td><Device of={p.device} /></td>
                  <td><When at={p.ended} now={now} /></td>
                  <td class="message"><Text of={p.message} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {pages.loaded && pages.rows.length === 0 && <p class="hint">None passes these filters.</p>}
        {pages.more !== undefined && <p class="more-rows"><Button onClick={pages.more}>Show more</Button></p>}
      </section>
      {bulk !== undefined && <Bulk what={bulk} ids={[...picked]} filter={filter} onClose={() => { setBulk(undefined); reload(); }} />}
    </>
  );
}

function Acknowledge({ onDone }: { onDone: () => void }) {
  const [problem, setProblem] = useState("");
  const act = async () => {
    try {
      await ask("/api/v1/dead/acknowledge", { method: "POST" });
      onDone();
    } catch (error) {
      setProblem(said(error));
    }
  };
  return <div class="bar-end"><Problem text={problem} /><Button icon="check" onClick={() => void act()} title="Revenue that has died so far makes the health degraded no more. The dead letters stay.">I have looked</Button></div>;
}

// Bulk asks first, with how many it is about; then it shows how far it has come, and can be stopped.
function Bulk({ what: doing, ids, filter, onClose }: { what: "retry" | "drop"; ids: string[]; filter: Record<string, string>; onClose: () => void }) {
  const counted = useAsk<Summary>(ids.length > 0 ? "" : "/api/v1/dead/summary" + query(filter));
  const all = ids.length > 0 ? ids.length : counted.value?.reasons.reduce((n, reason) => n + reason.count, 0);
  const [rate, setRate] = useState(100);
  const [progress, setProgress] = useState<Progress>();
  const [state, setState] = useState<"asking" | "running" | "done" | "stopped">("asking");
  const [error, setError] = useState("");
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const start = async () => {
    stop.current = new AbortController();
    setState("running");
    setError("");
    try {
      let last: Progress | undefined;
      const body = { ...(ids.length > 0 ? { ids } : { filter }), rate };
      for await (const batch of lines<Progress>("/api/v1/dead/" + doing, { method: "POST", body, signal: stop.current.signal })) {
        last = batch.at(-1);
        setProgress(last);
      }
      setState("done");
      setError(last?.error ?? (last?.done ? "" : "It broke off before it was done. What is left can be asked for again."));
    } catch (problem) {
      setState("stopped");
      setError(aborted(problem) ? "" : said(problem));
    }
  };
  const about = all === undefined ? "…" : (counted.value?.complete === false ? "at least " : "") + plural(all, "dead letter");
  const verb = doing === "retry" ? "Retry" : "Drop";
  const done = (progress?.changed ?? 0) + (progress?.skipped ?? 0);
  const seconds = all === undefined ? 0 : Math.ceil(all / rate);
  return (
    <Dialog title={state === "asking" ? `${verb} ${about}?` : `${verb}: ${state === "running" ? "running" : state === "done" ? "done" : "stopped"}`} onClose={onClose}>
      <Problem text={counted.error} />
      {state === "asking"
        ? (
          <>
            <p>{doing === "retry"
              ? "Each goes to the end of its lane, with no attempts on record but its history kept. What the server refused before it refuses again, unless the reason is gone."
              : "They are never sent again. Each leaves a response with the outcome “dropped” in the log."}</p>
            <label class="rate">At most <input type="number" min={1} max={10000} value={rate} onChange={(event) => setRate(Math.max(1, Math.min(10000, Number(event.currentTarget.value) || 100)))} /> a second{seconds > 1 && <span class="muted">, about {seconds < 90 ? seconds + " s" : Math.ceil(seconds / 60) + " min"}</span>}</label>
          </>
        )
        : (
          <div role="status" class="progress">
            <progress max={all ?? 1} value={done} aria-label="How far it has come" />
            <p>{count(progress?.changed ?? 0)} {doing === "retry" ? "put back" : "dropped"} of {about}{(progress?.skipped ?? 0) > 0 && <>; {count(progress!.skipped)} skipped, which were no dead letters any more</>}</p>
            {state === "stopped" && error === "" && <p class="hint">Stopped. What was done stays done; what is left can be asked for again.</p>}
          </div>
        )}
      <Problem text={error} />
      <footer>
        {state === "asking" && <Button onClick={onClose}>Cancel</Button>}
        {state === "asking" && <Button kind={doing === "drop" ? "danger" : "main"} disabled={all === undefined || all === 0} onClick={() => void start()}>{verb} {all === undefined ? "" : count(all)}</Button>}
        {state === "running" && <Button icon="close" onClick={() => stop.current?.abort()}>Stop</Button>}
        {(state === "done" || state === "stopped") && <Button kind="main" onClick={onClose}>Close</Button>}
      </footer>
    </Dialog>
  );
}
