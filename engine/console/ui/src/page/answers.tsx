import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Live, type Row } from "../live";
import { useKeys } from "../keys";
import { Detail } from "../part/detail";
import { Button, Chip, Choice, Empty, Search, Says } from "../part/parts";
import { Rows } from "../part/rows";
import { FirstEvent, FirstSteps } from "../part/teach";
import { address, set, useRoute } from "../route";
import { Device, Text, count, nameOf, plural } from "../text";
import { clockTime, fullTime, useZone } from "../time";
import type { Answer, Host, Queue, Run, Scripts } from "../types";
import { useAsk, useNow } from "../use";

export const outcomes = ["delivered", "duplicate", "retry", "wait_for_device", "blocked", "unclear", "rejected", "expired", "dropped"];
export const kinds = ["session", "event", "ad_revenue", "gdpr_forget_device", "third_party_sharing"];

const filters = ["outcome", "kind", "app_token", "environment", "event_token", "device", "plugin", "text"] as const;

// what names an activity: its kind, and of an event its token.
export function what(kind: string): string {
  return kind.replaceAll("_", " ").replace("gdpr forget device", "forget device");
}

export function Answers() {
  const { params } = useRoute();
  const filter = Object.fromEntries(filters.map((name) => [name, params[name]]));
  const filtered = filters.some((name) => params[name] !== undefined);
  const key = JSON.stringify(filter);
  const [, drawAgain] = useState({});
  const live = useMemo(() => new Live(filter, () => drawAgain({})), [key]);
  useEffect(() => {
    live.start();
    return () => live.end();
  }, [live]);
  useZone();
  const scripts = useAsk<Scripts>("/api/v1/scripts");
  const queue = useAsk<Queue>("/api/v1/queue");
  const host = useAsk<Host>("/api/v1/host");

  const at = live.rows.length - 1 - live.rows.findLastIndex((row) => row.key === params["seq"]);
  const chosen = at < live.rows.length ? live.rows[live.rows.length - 1 - at]?.answer : undefined;
  const show = (row: Row | undefined) => {
    if (row?.answer !== undefined) {
      set({ seq: row.key, id: row.answer.id });
    }
  };
  const step = (by: number) => {
    let next = params["seq"] === undefined || chosen === undefined ? 0 : at + by;
    while (next >= 0 && next < live.rows.length && live.rows[live.rows.length - 1 - next]?.answer === undefined) {
      next += by || 1;
    }
    show(live.rows[live.rows.length - 1 - Math.max(0, Math.min(next, live.rows.length - 1))]);
  };
  const close = () => set({ seq: undefined, id: undefined });
  useKeys([
    { key: "j", does: "next answer below", act: () => step(1) },
    { key: "k", does: "next answer above", act: () => step(-1) },
    { key: "Enter", does: "show the newest answer", act: () => { if (params["seq"] === undefined) { step(0); } else { document.querySelector<HTMLElement>(".detail")?.focus(); } } },
    { key: "Escape", does: "close the detail", act: close },
    { key: "p", does: "pause, or catch up", act: () => (live.paused ? live.resume() : live.pause()) },
  ]);

  const plugins = (scripts.value?.plugins ?? []).map((plugin): [string, string] => [plugin.name, plugin.name]);
  const apps = queue.value?.apps ?? [];
  const few = live.caughtUp && live.rows.length < 8 && !filtered && params["id"] === undefined;
  return (
    <div class="page answers">
      <header class="bar">
        <h1>Answers</h1>
        <Search label="Search in answers" value={params["text"] ?? ""} onFind={(text) => set({ text })} />
        <div class="filters">
          <Choice label="Outcome" value={params["outcome"] ?? ""} onPick={(outcome) => set({ outcome })} all={[["", "All outcomes"], ...outcomes.map((o): [string, string] => [o, o.replaceAll("_", " ")])]} />
          <Choice label="Kind" value={params["kind"] ?? ""} onPick={(kind) => set({ kind })} all={[["", "All kinds"], ...kinds.map((k): [string, string] => [k, what(k)])]} />
          {(plugins.length > 1 || params["plugin"] !== undefined) && <Choice label="Plugin" value={params["plugin"] ?? ""} onPick={(plugin) => set({ plugin })} all={[["", "All plugins"], ...plugins]} />}
          {(apps.length > 1 || params["app_token"] !== undefined) && (
            <Choice label="App" value={params["app_token"] === undefined ? "" : params["app_token"] + "/" + (params["environment"] ?? "")}
              onPick={(app) => set({ app_token: app.split("/")[0], environment: app.split("/")[1] })}
              all={[["", "All apps"], ...apps.map((app): [string, string] => [app.app_token + "/" + app.environment, app.app_token + " " + app.environment])]} />
          )}
          {params["event_token"] !== undefined && <Chip name="event" value={params["event_token"]} onEnd={() => set({ event_token: undefined })} />}
          {params["device"] !== undefined && <Chip name="device" value={params["device"]} onEnd={() => set({ device: undefined })} />}
        </div>
        <div class="bar-end">
          <Pulse live={live} />
          <Button icon={live.paused ? "play" : "pause"} onClick={() => (live.paused ? live.resume() : live.pause())}>
            {live.paused ? (live.held > 0 ? `Catch up (${count(live.held)})` : "Go on") : "Pause"}
          </Button>
        </div>
      </header>
      {live.error !== "" && <p class="strip" role="status">{live.error}</p>}
      <div class={"split" + (params["id"] !== undefined ? " open" : "")}>
        {live.rows.length === 0
          ? <Nothing live={live} filtered={filtered} host={host.value} />
          : (
            <div class={"answers-room" + (few ? " few" : "")}>
              <Table live={live} seq={params["seq"]} onShow={show} at={chosen === undefined ? -1 : at} />
              {few && <FirstSteps host={host.value} script={scripts.value?.plugins[0]?.name} />}
            </div>
          )}
        {params["id"] !== undefined && <Detail id={params["id"]} seq={Number(params["seq"] ?? 0)} known={chosen} turn={lastRuns(live, chosen)} onClose={close} />}
      </div>
    </div>
  );
}

// lastRuns changes when plugins have told more about an answer.
function lastRuns(live: Live, answer: Answer | undefined): string {
  const row = answer === undefined ? undefined : live.rows.findLast((r) => r.answer === answer);
  return JSON.stringify(row?.runs?.map((run) => [run.listener, run.version]) ?? []);
}

// Pulse alone is drawn each second: an open page in which nothing happens costs next to nothing.
function Pulse({ live }: { live: Live }) {
  useNow(1);
  const rate = live.perSecond();
  const state = live.error !== "" ? "broken" : live.paused ? "still" : live.caughtUp ? "live" : "loading";
  const says = { broken: "Not connected", still: "Paused", live: rate > 0 ? (rate >= 10 ? Math.round(rate) : rate.toFixed(1)) + "/s" : "Live", loading: "Loading" }[state];
  return (
    <span class={"pulse " + state}>
      <span class="dot" aria-hidden="true" />{says}
      {live.leftOut > 0 && <span class="sampled" title="So many answers came that not all are shown here. All are in the log."> sampled</span>}
    </span>
  );
}

function Nothing({ live, filtered, host }: { live: Live; filtered: boolean; host: Host | undefined }) {
  if (!live.caughtUp && live.error === "") {
    return <div class="empty" aria-busy="true" />;
  }
  if (filtered) {
    return (
      <Empty title="No answer passes these filters yet">
        <p>New ones will show here as they come. <a href={address([])}>Take all filters away</a></p>
      </Empty>
    );
  }
  return (
    <Empty title="Waiting for the first answer">
      <p>Hand in a session and an event. What Adjust answers shows here the moment it is settled, with what your scripts printed.</p>
      <FirstEvent host={host} />
    </Empty>
  );
}

const rowHeight = 30;

function Table({ live, seq, onShow, at }: { live: Live; seq: string | undefined; onShow: (row: Row) => void; at: number }) {
  const latest = useRef(live);
  latest.current = live;
  return (
    <Rows class="answer-rows" count={live.rows.length} height={rowHeight} before={live.came} at={at} label="Answers, the newest first"
      head={
        <div class="head" role="rowgroup">
          <div class="row" role="row">
            {["Time", "Outcome", "What", "Device", "Status", "Try", "Message", "Scripts"].map((name) => (
              <span key={name} role="columnheader" class={"c-" + name.toLowerCase()}>{name}</span>
            ))}
          </div>
        </div>
      }
      row={(i) => {
        const row = live.rows[live.rows.length - 1 - i]!;
        if (row.printed !== undefined) {
          const { plugin, line } = row.printed;
          return (
            <div key={row.key} class="row printed-row" role="row" aria-rowindex={i + 2}>
              <span role="cell" class="c-time muted">{line.at !== undefined && <>{clockTime(line.at).slice(0, 8)}<span class="ms">{clockTime(line.at).slice(8)}</span></>}</span>
              <span role="cell" class={"c-printed level-" + line.level}><b><Text of={plugin} /></b> <Text of={line.text} /></span>
            </div>
          );
        }
        if (row.answer === undefined) {
          return <div key={row.key} class="row note" role="row" aria-rowindex={i + 2}><span role="cell">{row.note}</span></div>;
        }
        return <AnswerRow key={row.key} row={row} index={i} chosen={row.key === seq} onShow={onShow} />;
      }} />
  );
}

function AnswerRow({ row, index, chosen, onShow }: { row: Row; index: number; chosen: boolean; onShow: (row: Row) => void }) {
  const a = row.answer!;
  return (
    <div class={"row" + (chosen ? " chosen" : "")} role="row" aria-rowindex={index + 2} aria-selected={chosen} onClick={(event) => { if (!(event.target as Element).closest("a")) { onShow(row); } }}>
      <span role="cell" class="c-time">
        <a href={address([], { seq: String(a.seq), id: a.id })} tabIndex={-1} onClick={(event) => { event.preventDefault(); onShow(row); }}>
          <time dateTime={a.at} title={fullTime(a.at)}>{clockTime(a.at).slice(0, 8)}<span class="ms">{clockTime(a.at).slice(8)}</span></time>
        </a>
      </span>
      <span role="cell" class="c-outcome"><Says of={a.outcome} /></span>
      <span role="cell" class="c-what">{what(a.kind)}{a.event_token !== undefined && <b class="token"><Text of={a.event_token} /></b>}</span>
      <span role="cell" class="c-device"><Device of={a.device} /></span>
      <span role="cell" class="c-status">{a.status ?? "–"}</span>
      <span role="cell" class="c-try">{a.attempt}</span>
      <span role="cell" class="c-message"><Text of={a.message} /></span>
      <span role="cell" class="c-scripts"><Runs runs={row.runs} /></span>
    </div>
  );
}

// Runs is what plugins made of an answer, on one line.
function Runs({ runs }: { runs: Run[] | undefined }) {
  const told = (runs ?? []).filter((run) => !run.skipped);
  if (told.length === 0) {
    return null;
  }
  const first = told.find((run) => run.failure !== undefined) ?? told.find((run) => (run.lines?.length ?? 0) > 0) ?? told[0]!;
  return (
    <>
      {first.failure !== undefined
        ? <span class="run failed"><b><Text of={nameOf(first)} /></b> <Text of={first.failure} /></span>
        : <span class="run"><b><Text of={nameOf(first)} /></b> <Text of={first.lines?.[0]?.text} /></span>}
      {told.length > 1 && <span class="more" title={plural(told.length, "plugin")}>+{told.length - 1}</span>}
    </>
  );
}

