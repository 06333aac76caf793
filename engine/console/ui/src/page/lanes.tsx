import { useState } from "preact/hooks";
import { ask, query, said } from "../ask";
import { useKeys } from "../keys";
import { Button, Dialog, Empty, Problem, Says, Search, When } from "../part/parts";
import { usePages } from "../part/pages";
import { address, set, useRoute } from "../route";
import { useMay } from "../session";
import { Device, Said, Text, count, short } from "../text";
import type { Hastened, Lane, LanePage } from "../types";
import { what } from "./answers";

const waits: Record<Lane["waiting_on"], string> = {
  sending: "being sent",
  turn: "its turn",
  time: "its time",
  device: "a session of its device",
};

export function Lanes({ now }: { now: number }) {
  const { params } = useRoute();
  const may = useMay();
  const lanes = usePages<LanePage, Lane>("/api/v1/lanes" + query({ limit: 100, heads: "true", device: params["device"], app_token: params["app_token"], environment: params["environment"] }), 3,
    (answer) => ({ rows: answer.lanes, next: answer.next }));
  const at = lanes.rows.findIndex((lane) => lane.head === params["id"]);
  const step = (by: number) => set({ id: lanes.rows[at < 0 ? 0 : Math.max(0, Math.min(at + by, lanes.rows.length - 1))]?.head });
  useKeys([
    { key: "j", does: "next lane below", act: () => step(1) },
    { key: "k", does: "next lane above", act: () => step(-1) },
    { key: "Enter", does: "show what is up next", act: () => step(0) },
    { key: "Escape", does: "close the detail", act: () => set({ id: undefined }) },
  ]);
  return (
    <section class="block">
      <header>
        <h2>Lanes <span class="muted">one for each device; what is in a lane is sent in order</span></h2>
        <Search label="Device, as KIND=ID" value={params["device"] ?? ""} onFind={(device) => set({ device: device === "" || device.includes("=") ? device : undefined })} />
      </header>
      <Problem text={lanes.error} again={lanes.again} />
      {lanes.loaded && lanes.rows.length === 0 && <Empty title="Nothing is queued"><p>Everything that was taken in has been answered. What comes next waits here while a server is down, a device is unknown, or an app is refused.</p></Empty>}
      {lanes.rows.length > 0 && (
        <div class="table-room" tabIndex={0} role="region" aria-label="Lanes">
          <table class="grid">
            <thead><tr><th scope="col">Device</th><th scope="col">Up next</th><th scope="col">Waiting on</th><th scope="col">Halted by</th><th scope="col" class="num">Tries</th><th scope="col" class="num">Queued</th>{may.operate && <th scope="col"><span class="unseen">Do</span></th>}</tr></thead>
            <tbody>
              {lanes.rows.map((lane) => (
                <tr key={lane.app_token + lane.environment + lane.device} class={params["id"] === lane.head ? "chosen" : ""} onClick={() => set({ id: lane.head })}>
                  <th scope="row"><Device of={lane.device} length={36} /></th>
                  <td>
                    <a href={address(["queue"], { ...params, id: lane.head })} onClick={(event) => { event.preventDefault(); set({ id: lane.head }); }}>{lane.next === undefined ? short(lane.head, 12) : what(lane.next.kind)}{lane.next?.event_token !== undefined && <b class="token"><Text of={lane.next.event_token} /></b>}</a>
                  </td>
                  <td>
                    <Says of={"wait-" + lane.waiting_on} text={waits[lane.waiting_on]} />
                    {lane.due !== undefined && lane.waiting_on !== "sending" && lane.waiting_on !== "turn" && <span class="muted"> <When at={lane.due} now={now} /></span>}
                  </td>
                  <td class={lane.halted_by === undefined ? "muted" : ""}><Said of={lane.halted_by ?? "–"} /></td>
                  <td class="num">{count(lane.next?.attempts)}</td>
                  <td class="num"><a href={address(["queue", "packages"], { device: lane.device, app_token: lane.app_token, environment: lane.environment })} onClick={(event) => event.stopPropagation()}>{count(lane.queued)}</a></td>
                  {may.operate && <td class="act" onClick={(event) => event.stopPropagation()}>{(lane.waiting_on === "time" || lane.waiting_on === "device") && <TryNow lane={lane} again={lanes.again} />}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {lanes.more !== undefined && <p class="more-rows"><Button onClick={lanes.more}>Show more</Button></p>}
    </section>
  );
}

// TryNow has a lane tried now that waits for a later time. Where that is of no use by itself, it says why.
function TryNow({ lane, again }: { lane: Lane; again: () => void }) {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  const hasten = async () => {
    setBusy(true);
    try {
      const { app_token, environment, device } = lane;
      const got = await ask<Hastened>("/api/v1/lanes/hasten", { method: "POST", body: { app_token, environment, device } });
      if (got.lane.halted_by !== undefined) {
        setTold("It is due now, and goes out as soon as its app is sent: " + got.lane.halted_by);
      }
      again();
    } catch (error) {
      setTold(said(error));
    }
    setBusy(false);
  };
  return (
    <>
      <Button icon="retry" busy={busy} disabled={busy} onClick={() => void hasten()} title="Try this lane now instead of later">Try now</Button>
      {told !== "" && <Dialog title="Try this lane now" onClose={() => setTold("")}><p><Text of={told} /></p><footer><Button kind="main" onClick={() => setTold("")}>Close</Button></footer></Dialog>}
    </>
  );
}
