import { useState } from "preact/hooks";
import { ask, said, send } from "../ask";
import { Bulk, adoptHeld, dropDead, dropHeld, dropQueued, retryDead, type Job } from "../part/bulk";
import { Detail } from "../part/detail";
import { Button, Dialog, Problem, Says, Tabs, When } from "../part/parts";
import { address, go, set, useRoute } from "../route";
import { useMay } from "../session";
import { Text, count, plural } from "../text";
import type { Probe, Queue, QueueApp, Timeline } from "../types";
import { useAsk, useNow } from "../use";
import { Dead } from "./dead";
import { Lanes } from "./lanes";
import { Packages } from "./packages";

export function QueuePage() {
  const { path, params } = useRoute();
  const view = path[1] ?? "lanes";
  const queue = useAsk<Queue>("/api/v1/queue", 3);
  const now = useNow(1);
  const q = queue.value;
  const atLeast = q !== undefined && !q.complete ? "≥ " : "";
  return (
    <div class="page queue">
      <header class="bar">
        <h1>Queue</h1>
        <Tabs label="What of the queue" at={view} onPick={(name) => go(address(name === "lanes" ? ["queue"] : ["queue", name]))}
          all={[["lanes", "Lanes"], ["packages", "Packages"], ["dead", <>Dead letters{(q?.dead ?? 0) > 0 && <span class="badge">{count(q!.dead)}</span>}</>]]} />
        {q !== undefined && (
          <dl class="numbers">
            <div><dt>queued</dt><dd>{atLeast}{count(q.queued)}</dd></div>
            <div><dt>{q.lanes === 1 ? "lane" : "lanes"}</dt><dd>{atLeast}{count(q.lanes)}</dd></div>
            <div><dt>being sent</dt><dd>{count(q.leased)}</dd></div>
            <div><dt>dead</dt><dd>{atLeast}{count(q.dead)}</dd></div>
          </dl>
        )}
      </header>
      <Problem text={queue.error} again={queue.again} />
      <div class={"split" + (params["id"] !== undefined ? " open" : "")}>
        <div class="scroll">
          {view === "lanes" && <Apps apps={q?.apps ?? []} now={now} again={queue.again} />}
          {view === "lanes" && <Lanes now={now} />}
          {view === "packages" && <Packages now={now} onChange={queue.again} />}
          {view === "dead" && <Dead now={now} onChange={queue.again} />}
        </div>
        {params["id"] !== undefined && <Detail id={params["id"]} seq={Number(params["seq"] ?? 0)} onClose={() => set({ id: undefined, seq: undefined })} actions={(timeline, again) => <Actions timeline={timeline} again={() => { again(); queue.again(); }} />} />}
      </div>
    </div>
  );
}

function Apps({ apps, now, again }: { apps: QueueApp[]; now: number; again: () => void }) {
  const may = useMay();
  const [bulk, setBulk] = useState<Job>();
  const served = apps.filter((app) => app.state !== "held");
  if (apps.length === 0) {
    return null;
  }
  return (
    <section class="block">
      <h2>Apps</h2>
      <div class="table-room" tabIndex={0} role="region" aria-label="Apps">
        <table class="grid">
          <thead><tr>{["App", "State", "Queued", "Due", "Later", "No session yet", "Sent now", "Dead"].map((name, i) => <th key={name} scope="col" class={i > 1 ? "num" : ""}>{name}</th>)}<th scope="col"><span class="unseen">Do</span></th></tr></thead>
          <tbody>
            {apps.map((app) => (
              <tr key={app.app_token + app.environment}>
                <th scope="row"><code>{app.app_token}</code> <span class="muted">{app.environment}</span></th>
                <td class="why">
                  <Says of={app.state} />
                  {app.message !== undefined && <span class="muted"> <Text of={app.message} /></span>}
                  {app.since !== undefined && <span class="muted">, since <When at={app.since} now={now} /></span>}
                  {app.probe !== undefined && <span class="muted">, tried again <When at={app.probe} now={now} /></span>}
                </td>
                {[app.queued, app.due, app.later, app.waiting, app.leased].map((n, i) => <td key={i} class={"num" + (n === 0 ? " zero" : "")}>{count(n)}</td>)}
                <td class={"num" + (dead(app) === 0 ? " zero" : "")}>{dead(app) === 0 ? 0 : <a href={address(["queue", "dead"], { app_token: app.app_token, environment: app.environment })}>{count(dead(app))}</a>}</td>
                <td class="act">
                  {may.operate && app.state !== "held" && app.queued > 0 && <ProbeNow app={app} />}
                  {may.operate && app.state === "held" && (
                    <span class="two">
                      {served.length > 0 && <Button onClick={() => setBulk(adoptHeld(app, served))}>Adopt…</Button>}
                      <Button icon="trash" kind="danger" onClick={() => setBulk(dropHeld(app))}>Drop…</Button>
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {bulk !== undefined && <Bulk job={bulk} onClose={() => { setBulk(undefined); again(); }} />}
    </section>
  );
}

function dead(app: QueueApp): number {
  return app.dead.reduce((n, reason) => n + reason.count, 0);
}

const results: Record<Probe["result"], string> = {
  taken: "The server takes the app.",
  refused: "The server answers, and refuses the app.",
  failed: "No answer, or one that decides nothing.",
  idle: "There is nothing to try.",
  pending: "No attempt was over in half a minute.",
};

function ProbeNow({ app }: { app: QueueApp }) {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  const probe = async () => {
    setBusy(true);
    try {
      const got = await ask<Probe>("/api/v1/apps/probe", { method: "POST", body: { app_token: app.app_token, environment: app.environment } });
      setTold(results[got.result] + (got.message === undefined ? "" : " It said: " + got.message + (got.status === undefined ? "" : " (" + got.status + ")")) + (got.hastened > 0 ? " " + plural(got.hastened, "device") + " due now." : ""));
    } catch (error) {
      setTold(said(error));
    }
    setBusy(false);
  };
  return (
    <>
      <Button icon="retry" busy={busy} disabled={busy} onClick={() => void probe()}>{busy ? "Trying…" : "Probe now"}</Button>
      {told !== "" && <Dialog title={"App " + app.app_token} onClose={() => setTold("")}><p><Text of={told} /></p><footer><Button kind="main" onClick={() => setTold("")}>Close</Button></footer></Dialog>}
    </>
  );
}

// Actions are what can be done with one package.
function Actions({ timeline, again }: { timeline: Timeline; again: () => void }) {
  const may = useMay();
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [bulk, setBulk] = useState<Job>();
  const { id, state, app_token, environment, device } = timeline.package;
  const lane = { filter: { app_token, environment, device } };
  if (!may.operate || state === "done") {
    return null;
  }
  const act = async (path: string, method: string, body?: unknown) => {
    setBusy(true);
    setError("");
    setSure(false);
    try {
      await (await send(path, { method, body })).text();
      again();
    } catch (problem) {
      setError(said(problem));
    }
    setBusy(false);
  };
  return (
    <div class="actions">
      {state === "dead" && <Button icon="retry" busy={busy} disabled={busy} onClick={() => void act("/api/v1/dead/retry", "POST", { ids: [id] })}>Retry</Button>}
      <Button icon="trash" kind="danger" disabled={busy} onClick={() => setSure(true)}>Drop</Button>
      {state === "queued" && <Button kind="plain" disabled={busy} onClick={() => setBulk(dropQueued(lane))}>Drop its lane…</Button>}
      {state === "dead" && <Button kind="plain" disabled={busy} onClick={() => setBulk(retryDead(lane))}>Retry all of its device…</Button>}
      {state === "dead" && <Button kind="plain" disabled={busy} onClick={() => setBulk(dropDead(lane))}>Drop all of its device…</Button>}
      <Problem text={error} />
      {bulk !== undefined && <Bulk job={bulk} onClose={() => { setBulk(undefined); again(); }} />}
      {sure && (
        <Dialog title="Drop this package?" onClose={() => setSure(false)}>
          <p>It is never sent again. A response with the outcome “dropped” stays in the log.</p>
          <footer>
            <Button onClick={() => setSure(false)}>Keep it</Button>
            <Button kind="danger" onClick={() => void act("/api/v1/packages/" + encodeURIComponent(id), "DELETE")}>Drop it</Button>
          </footer>
        </Dialog>
      )}
    </div>
  );
}
