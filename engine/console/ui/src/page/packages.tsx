import { query } from "../ask";
import { useKeys } from "../keys";
import { Button, Choice, Empty, Problem, Says, Search, When } from "../part/parts";
import { usePages } from "../part/pages";
import { address, set, useRoute } from "../route";
import { Device, Text, count, short } from "../text";
import { dayTime, useZone } from "../time";
import type { Package, PackagePage } from "../types";
import { kinds, what } from "./answers";

const ages: [string, string][] = [["", "Any time"], ["10m", "Last 10 minutes"], ["1h", "Last hour"], ["1d", "Last day"], ["7d", "Last 7 days"], ["30d", "Last 30 days"]];

export function Packages({ now }: { now: number }) {
  const { params } = useRoute();
  useZone();
  const pages = usePages<PackagePage, Package>("/api/v1/packages" + query({
    limit: 100, search: params["find"], state: params["state"], kind: params["kind"], device: params["device"],
    app_token: params["app_token"], environment: params["environment"], event_token: params["event_token"], after: params["after"],
  }), 5, (answer) => ({ rows: answer.packages, next: answer.next, complete: answer.incomplete !== true }));
  const at = pages.rows.findIndex((p) => p.id === params["id"]);
  const step = (by: number) => {
    const next = pages.rows[at < 0 ? 0 : Math.max(0, Math.min(at + by, pages.rows.length - 1))];
    set({ id: next?.id });
  };
  useKeys([
    { key: "j", does: "next package below", act: () => step(1) },
    { key: "k", does: "next package above", act: () => step(-1) },
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
          {params["device"] !== undefined && <button type="button" class="chip" onClick={() => set({ device: undefined, app_token: undefined, environment: undefined })}>device <b><Text of={short(params["device"], 24)} /></b> ×</button>}
        </div>
      </header>
      <Problem text={pages.error} again={pages.again} />
      {pages.loaded && pages.rows.length === 0 && pages.complete && (
        <Empty title="No such package"><p>Here is what waits and what died. What was delivered is in the <a href={address([], { text: params["find"] })}>answers</a>.</p></Empty>
      )}
      {pages.rows.length > 0 && (
        <div class="table-room" tabIndex={0} role="region" aria-label="Packages">
          <table class="grid">
            <thead><tr><th scope="col">Package</th><th scope="col">State</th><th scope="col">What</th><th scope="col">Device</th><th scope="col">Accepted</th><th scope="col" class="num">Tries</th><th scope="col">Last answer</th></tr></thead>
            <tbody>
              {pages.rows.map((p) => (
                <tr key={p.id} class={p.id === params["id"] ? "chosen" : ""} onClick={() => set({ id: p.id })}>
                  <th scope="row" class="mono"><a href={address(["queue", "packages"], { ...params, id: p.id })} title={p.id}>{short(p.id, 14)}</a></th>
                  <td><Says of={p.held ? "held" : p.state} />{p.due !== undefined && <span class="muted"> <When at={p.due} now={now} /></span>}</td>
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
    </section>
  );
}
