import { useEffect, useState } from "preact/hooks";
import { ask, query, said } from "../ask";
import { useKeys } from "../keys";
import { Bulk, dropDead, retryDead, type Job } from "../part/bulk";
import { Button, Chip, Empty, Problem, Says, Search, When } from "../part/parts";
import { usePages } from "../part/pages";
import { address, set, useRoute } from "../route";
import { useMay } from "../session";
import { Device, Text, count, short } from "../text";
import type { Package, PackagePage, Summary } from "../types";
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
  const [bulk, setBulk] = useState<Job>();
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
  const which = picked.size > 0 ? { ids: [...picked] } : { filter };
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
            {params["device"] !== undefined && <Chip name="device" value={params["device"]} onEnd={() => set({ device: undefined })} />}
            {narrowed && <a href={address(["queue", "dead"])}>Take all filters away</a>}
          </div>
          {may.operate && (
            <div class="bar-end">
              <Button icon="retry" onClick={() => setBulk(retryDead(which))}>{picked.size > 0 ? `Retry ${count(picked.size)}` : narrowed ? "Retry these" : "Retry all"}</Button>
              <Button icon="trash" kind="danger" onClick={() => setBulk(dropDead(which))}>{picked.size > 0 ? `Drop ${count(picked.size)}` : narrowed ? "Drop these" : "Drop all"}</Button>
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
      {bulk !== undefined && <Bulk job={bulk} onClose={() => { setBulk(undefined); reload(); }} />}
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
