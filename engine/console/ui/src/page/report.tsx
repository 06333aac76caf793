import { query } from "../ask";
import { Choice, Empty, Problem, Search } from "../part/parts";
import { set, useRoute } from "../route";
import { Text, count } from "../text";
import type { Counts, Queue } from "../types";
import { useAsk } from "../use";
import { kinds, outcomes, what } from "./answers";
import { Icon } from "../part/icon";

type Row = Counts["counts"][number];

function dayBefore(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

export function ReportPage() {
  const { params } = useRoute();
  const to = params["to"] ?? dayBefore(0);
  const from = params["from"] ?? dayBefore(6);
  const by = params["by"] ?? "day";
  const filter = { from, to, app_token: params["app_token"], environment: params["environment"], kind: params["kind"], event_token: params["event_token"] };
  const counts = useAsk<Counts>("/api/v1/counts" + query(filter), 30);
  const queue = useAsk<Queue>("/api/v1/queue");
  const rows = counts.value?.counts ?? [];
  const apps = queue.value?.apps ?? [];
  return (
    <div class="page report">
      <header class="bar">
        <h1>Report</h1>
        <div class="filters">
          <label class="day"><span>From</span><input type="date" value={from} max={to} onChange={(event) => set({ from: event.currentTarget.value })} /></label>
          <label class="day"><span>to</span><input type="date" value={to} min={from} onChange={(event) => set({ to: event.currentTarget.value })} /></label>
          <Choice label="Kind" value={params["kind"] ?? ""} onPick={(kind) => set({ kind })} all={[["", "All kinds"], ...kinds.map((k): [string, string] => [k, what(k)])]} />
          {apps.length > 1 && <Choice label="App" value={params["app_token"] === undefined ? "" : params["app_token"] + "/" + (params["environment"] ?? "")}
            onPick={(app) => set({ app_token: app.split("/")[0], environment: app.split("/")[1] })}
            all={[["", "All apps"], ...apps.map((app): [string, string] => [app.app_token + "/" + app.environment, app.app_token + " " + app.environment])]} />}
          <Search label="Event token" value={params["event_token"] ?? ""} onFind={(event_token) => set({ event_token })} />
          <Choice label="Sum by" value={by} onPick={(name) => set({ by: name === "day" ? undefined : name })} all={[["day", "By day"], ["token", "By day and token"], ["app", "By app"]]} />
        </div>
        <div class="bar-end">
          <a class="button" href={"/api/v1/counts" + query({ ...filter, format: "csv" })} download=""><Icon name="download" /><span>CSV</span></a>
        </div>
      </header>
      <div class="scroll">
        <Problem text={counts.error} again={counts.again} />
        {counts.value !== undefined && rows.length === 0 && <Empty title="Nothing in these days"><p>Counts are by the day of the activity, in UTC: the numbers to compare with the dashboard.</p></Empty>}
        {rows.length > 0 && <Chart rows={rows} from={from} to={to} />}
        {rows.length > 0 && <Table rows={rows} by={by} />}
        {rows.length > 0 && <p class="hint">Days are UTC, as the dashboard’s. “Accepted” are packages that were taken in; the outcomes count answers, so a package that was tried three times has three.</p>}
      </div>
    </div>
  );
}

// The classes of outcomes, as the chart shows them.
const classes: [string, string, string[]][] = [
  ["delivered", "Delivered", ["delivered", "duplicate"]],
  ["retry", "Tried again", ["retry", "wait_for_device", "blocked", "unclear"]],
  ["rejected", "Never counted", ["rejected", "expired", "dropped"]],
];

function sum(rows: Row[], names: string[]): number {
  return rows.reduce((total, row) => total + names.reduce((n, name) => n + (row.outcomes[name as keyof Row["outcomes"]] ?? 0), 0), 0);
}

function days(from: string, to: string): string[] {
  const all: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to) && all.length < 400; at += 86_400_000) {
    all.push(new Date(at).toISOString().slice(0, 10));
  }
  return all;
}

function Chart({ rows, from, to }: { rows: Row[]; from: string; to: string }) {
  const all = days(from, to);
  const byDay = Map.groupBy(rows, (row) => row.day);
  const stacks = all.map((day) => classes.map(([, , names]) => sum(byDay.get(day) ?? [], names)));
  const highest = Math.max(1, ...stacks.map((stack) => stack.reduce((a, b) => a + b, 0)));
  const wide = 720;
  const tall = 132;
  const step = wide / all.length;
  const bar = Math.min(56, Math.max(1, step - 6));
  return (
    <figure class="chart">
      <figcaption>
        <span>Answers a day</span>
        {classes.map(([name, title]) => <span key={name} class={"key says-" + name}><span class="dot" aria-hidden="true" />{title}</span>)}
      </figcaption>
      <div class="plot">
        <span class="most" aria-hidden="true">{count(highest)}</span>
        <svg viewBox={`0 0 ${wide} ${tall + 1}`} preserveAspectRatio="none" role="img" aria-label={`Answers a day from ${from} to ${to}; at most ${count(highest)}`}>
          <line class="axis" x1="0" x2={wide} y1={tall + 0.5} y2={tall + 0.5} />
          <line class="axis most-line" x1="0" x2={wide} y1="12" y2="12" />
          {stacks.map((stack, i) => {
            let y = tall;
            const x = i * step + (step - bar) / 2;
            return (
              <g key={all[i]}>
                <title>{all[i] + ": " + classes.map(([, title], c) => title.toLowerCase() + " " + count(stack[c])).join(", ")}</title>
                <rect class="hit" x={i * step} y="0" width={step} height={tall} />
                {stack.map((n, c) => {
                  const high = n === 0 ? 0 : Math.max(1.5, (n / highest) * (tall - 12));
                  y -= high;
                  return n === 0 ? null : <rect key={c} class={"fill-" + classes[c]![0]} x={x} y={y} width={bar} height={high} />;
                })}
              </g>
            );
          })}
        </svg>
      </div>
      <div class="days" aria-hidden="true">{all.map((day, i) => <span key={day}>{(all.length <= 10 || i % Math.ceil(all.length / 8) === 0) && <span>{day.slice(5)}</span>}</span>)}</div>
    </figure>
  );
}

function Table({ rows, by }: { rows: Row[]; by: string }) {
  const name = (row: Row): string[] => {
    switch (by) {
      case "token":
        return [row.day, what(row.kind), row.event_token ?? ""];
      case "app":
        return [row.app_token, row.environment, ""];
      default:
        return [row.day, what(row.kind), ""];
    }
  };
  const groups = [...Map.groupBy(rows, (row) => name(row).join("\u0000")).values()].sort((a, b) => (name(a[0]!).join("\u0000") < name(b[0]!).join("\u0000") ? 1 : -1));
  const shown = outcomes.filter((outcome) => sum(rows, [outcome]) > 0);
  const accepted = (list: Row[]) => list.reduce((n, row) => n + row.accepted, 0);
  const ambiguous = (list: Row[]) => list.reduce((n, row) => n + row.ambiguous, 0);
  const doubtful = ambiguous(rows) > 0;
  return (
    <div class="table-room" tabIndex={0} role="region" aria-label="Counts">
      <table class="grid">
        <thead>
          <tr>
            {(by === "app" ? ["App", "Environment"] : by === "token" ? ["Day", "Kind", "Token"] : ["Day", "Kind"]).map((title) => <th key={title} scope="col">{title}</th>)}
            <th scope="col" class="num">Accepted</th>
            {shown.map((outcome) => <th key={outcome} scope="col" class="num">{outcome.replaceAll("_", " ")}</th>)}
            {doubtful && <th scope="col" class="num" title="Requests that were sent whole and got no answer">perhaps twice</th>}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => {
            const names = name(group[0]!);
            return (
              <tr key={names.join()}>
                {(by === "token" ? names : names.slice(0, 2)).map((text, i) => <td key={i} class={i === 0 || i === 2 ? "mono" : ""}><Text of={text} /></td>)}
                <td class="num">{count(accepted(group))}</td>
                {shown.map((outcome) => <Number key={outcome} n={sum(group, [outcome])} />)}
                {doubtful && <Number n={ambiguous(group)} />}
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={by === "token" ? 3 : 2}>In all</th>
            <td class="num">{count(accepted(rows))}</td>
            {shown.map((outcome) => <td key={outcome} class="num">{count(sum(rows, [outcome]))}</td>)}
            {doubtful && <td class="num">{count(ambiguous(rows))}</td>}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Number({ n }: { n: number }) {
  return <td class={"num" + (n === 0 ? " zero" : "")}>{count(n)}</td>;
}
