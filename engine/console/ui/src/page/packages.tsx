import { useEffect, useState } from "preact/hooks";
import { query } from "../ask";
import { useKeys } from "../keys";
import { Bulk, dropQueued, type Job } from "../part/bulk";
import { Button, Chip, Choice, Empty, Problem, Says, Search, When } from "../part/parts";
import { usePages } from "../part/pages";
import { address, set, useRoute } from "../route";
import { useMay } from "../session";
import { Device, Text, count, short } from "../text";
import { dayTime, useZone } from "../time";
import type { Package, PackagePage } from "../types";
import { kinds, what } from "./answers";

const ages: [string, string][] = [["", "Any time"], ["10m", "Last 10 minutes"], ["1h", "Last hour"], ["1d", "Last day"], ["7d", "Last 7 days"], ["30d", "Last 30 days"]];

const names = ["kind", "device", "app_token", "environment", "event_token", "after"] as const;

export function Packages({ now, onChange }: { now: number; onChange: () => void }) {
  const { params } = useRoute();
  const may = useMay();
  useZone();
  const filter = Object.fromEntries(names.map((name) => [name, params[name]]).filter(([, value]) => value !== undefined)) as Record<string, string>;
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [bulk, setBulk] = useState<Job>();
  useEffect(() => setPicked(new Set()), [JSON.stringify(filter), params["find"], params["state"]]);
  const pick = (id: string) => setPicked((was) => {
    const next = new Set(was);
    if (!next.delete(id)) {
      next.add(id);
    }
    return next;
  });
  const pages = usePages<PackagePage, Package>("/api/v1/packages" + query({
    limit: 100, search: params["find"], state: params["state"], ...filter,
  }), 5, (answer) => ({ rows: answer.packages, next: answer.next, complete: answer.incomplete !== true }));
  const at = pages.rows.findIndex((p) => p.id === params["id"]);
  const step = (by: number) => {
    const next = pages.rows[at < 0 ? 0 : Math.max(0, Math.min(at + by, pages.rows.length - 1))];
    set({ id: next?.id });
  };
  useKeys([
    { key: "j", does: "next package below", act: () => step(1) },
    { key: "k", does: "next package above", act: () => step(-1) },
    { key: "x", does: "pick it, or not", act: () => { if (may.operate && pages.rows[at]?.state === "queued") { pick(pages.rows[at].id); } } },
    { key: "Enter", does: "show the package", act: () => step(0) },
    { key: "Escape", does: "close the detail", act: () => set({ id: undefined }) },
  ]);
  return (
    <section class="block">
      <header>
        <Search wide label="Id, device, event token or callback id" value={params["find"] ?? ""} onFind={(find) => set({ find })} />
        <div class="filters">
          <Choice label="State" value={params["state"] ?? ""} onPick={(state) => set({ state })} all={[["", "Queued and dead"], ["queued", "Queued"], ["dead", "Dead"]]} />
          <Choice label="Kind" value={params["kind"] ?? ""} onPick={(kind) => set({ kind })} all={[["", "All kinds"], ...kinds.map((k): [string, string] => [k, what(k)])]} />
          <Choice label="Accepted" value={params["after"] ?? ""} onPick={(after) => set({ after })} all={ages} />
          {params["device"] !== undefined && <Chip name="device" value={params["device"]} onEnd={() => set({ device: undefined, app_token: undefined, environment: undefined })} />}
          {params["device"] === undefined && params["app_token"] !== undefined && <Chip name="app" value={params["app_token"]} onEnd={() => set({ app_token: undefined, environment: undefined })} />}
        </div>
        {may.operate && params["state"] !== "dead" && pages.rows.some((p) => p.state === "queued") && (
          <div class="bar-end">
            <Button icon="trash" kind="danger" disabled={picked.size === 0 && params["find"] !== undefined} title={picked.size === 0 && params["find"] !== undefined ? "What is found by its text is dropped when it is picked" : undefined}
              onClick={() => setBulk(dropQueued(picked.size > 0 ? { ids: [...picked] } : { filter }))}>{picked.size > 0 ? `Drop ${count(picked.size)}` : Object.keys(filter).length > 0 ? "Drop these…" : "Drop all queued…"}</Button>
          </div>
        )}
      </header>
      <Problem text={pages.error} again={pages.again} />
      {pages.loaded && pages.rows.length === 0 && pages.complete && (
        <Empty title="No such package"><p>Here is what waits and what died. What was delivered is in the <a href={address([], { text: params["find"] })}>answers</a>.</p></Empty>
      )}
      {pages.rows.length > 0 && (
        <div class="table-room" tabIndex={0} role="region" aria-label="Packages">
          <table class="grid">
            <thead><tr>{may.operate && <th scope="col" class="pick"><span class="unseen">Pick</span></th>}<th scope="col">Package</th><th scope="col">State</th><th scope="col">What</th><th scope="col">Device</th><th scope="col">Accepted</th><th scope="col" class="num">Tries</th><th scope="col">Last answer</th></tr></thead>
            <tbody>
              {pages.rows.map((p) => (
                <tr key={p.id} class={p.id === params["id"] ? "chosen" : ""} onClick={() => set({ id: p.id })}>
                  {may.operate && <td class="pick" onClick={(event) => event.stopPropagation()}>{p.state === "queued" && <input type="checkbox" aria-label={"Pick " + p.id} checked={picked.has(p.id)} onChange={() => pick(p.id)} />}</td>}
                  <th scope="row" class="mono"><a href={address(["queue", "packages"], { ...params, id: p.id })} title={p.id}>{short(p.id, 14)}</a></th>
                  <td><Says of={p.held ? "held" : p.state} />{p.due !== undefined && !p.held && <span class="muted"> <When at={p.due} now={now} /></span>}</td>
                  <td>{what(p.kind)}{p.event_token !== undefined && <b class="token"><Text of={p.event_token} /></b>}</td>
                  <td><Device of={p.device} /></td>
                  <td>{dayTime(p.accepted)}</td>
                  <td class="num">{count(p.attempts)}</td>
                  <td class="message">{p.reason !== undefined && <Says of={p.reason} />} <span class="muted"><Text of={p.message} /></span></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!pages.complete && <p class="hint">The search has stopped after two seconds. {pages.more === undefined ? "" : "Show more looks on."}</p>}
      {pages.more !== undefined && <p class="more-rows"><Button onClick={pages.more}>Show more</Button></p>}
      {bulk !== undefined && <Bulk job={bulk} onClose={() => { setBulk(undefined); setPicked(new Set()); pages.again(); onChange(); }} />}
    </section>
  );
}
