// Trying a draft on answers that have come: what the running version did, and what the draft does, side by side.
import { useEffect, useRef, useState } from "preact/hooks";
import { aborted, ask, said } from "../ask";
import { kinds, outcomes, what } from "../page/answers";
import { address, set, useRoute } from "../route";
import { Text, count, plural, visible } from "../text";
import { clockTime } from "../time";
import type { Act, Compared, Problem as Mistake, Tried, Verdict } from "../types";
import { Button, Choice, Empty, Problem, Says, Tabs } from "./parts";
import { Where } from "./problem";

const verdicts: Record<Verdict, string> = { same: "same", differs: "differs", now_throws: "throws now", no_longer_throws: "throws no more", unknown: "not compared" };
const listeners = ["eventSuccess", "eventFailure", "sessionSuccess", "sessionFailure", "response"];
const example = `{
  "eventToken": "abc123",
  "message": "OK",
  "jsonResponse": { "revenue": 9.99 }
}`;

interface Props {
  plugin: string;
  // The version that runs.
  running: string;
  files: () => Record<string, string>;
  may: boolean;
  // Changes when somebody wants a try.
  turn: number;
  onGo: (problem: Mistake) => void;
}

export function TryIt({ plugin, running, files, may, turn, onGo }: Props) {
  const { params } = useRoute();
  const on = params["on"] ?? (params["seqs"] !== undefined ? "chosen" : "last");
  const last = Number(params["last"] ?? 100);
  const [typed, setTyped] = useState(example);
  const [listener, setListener] = useState("eventSuccess");
  const [stored, setStored] = useState(false);
  const [tried, setTried] = useState<{ result: Tried; of: string }>();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  // What a try was of. When it is another now, its result is of before.
  const of = JSON.stringify([running, files()]);
  const old = tried !== undefined && tried.of !== of;
  const seen = useRef<HTMLDivElement>(null);

  const answers = (): unknown => {
    switch (on) {
      case "typed":
        return { typed: [{ listener, response: JSON.parse(typed) as unknown }] };
      case "chosen":
        return { seqs: (params["seqs"] ?? "").split(",").map(Number).filter((seq) => seq > 0) };
      default:
        return {
          last,
          ...(params["outcome"] === undefined ? {} : { outcome: [params["outcome"]] }),
          ...(params["kind"] === undefined ? {} : { kind: [params["kind"]] }),
          ...(params["event_token"] === undefined ? {} : { event_token: [params["event_token"]] }),
        };
    }
  };
  const run = async () => {
    stop.current?.abort();
    const mine = new AbortController();
    stop.current = mine;
    setBusy(true);
    setError("");
    try {
      const result = await ask<Tried>("/api/v1/scripts/try", { method: "POST", body: { plugin, files: files(), answers: answers(), against: "running", stored }, signal: mine.signal });
      setTried({ result, of });
      setBusy(false);
      requestAnimationFrame(() => seen.current?.scrollIntoView({ block: "nearest" }));
    } catch (problem) {
      if (!aborted(problem)) {
        setError(problem instanceof SyntaxError ? "What is typed is no JSON: " + problem.message : said(problem));
        setBusy(false);
      }
    }
  };
  const first = useRef(turn);
  useEffect(() => {
    if (turn !== first.current) {
      first.current = turn;
      void run();
    }
  }, [turn]);

  return (
    <div class="try">
      <header class="panel-bar">
        <Button kind="main" icon="play" busy={busy} disabled={busy || !may} onClick={() => void run()}>{busy ? "Trying…" : "Try"}</Button>
        <Choice label="On what" value={on} onPick={(name) => set({ on: name === "last" ? undefined : name })} all={[["last", "the last answers"], ...(params["seqs"] === undefined ? [] : [["chosen", "chosen answers"] as [string, string]]), ["typed", "typed JSON"]]} />
        {on === "last" && <Choice label="How many" value={String(last)} onPick={(n) => set({ last: n === "100" ? undefined : n })} all={[["100", "100"], ["1", "1"], ["10", "10"], ["500", "500"]]} />}
        {on === "last" && <Choice label="Outcome" value={params["outcome"] ?? ""} onPick={(outcome) => set({ outcome })} all={[["", "any outcome"], ...outcomes.map((o): [string, string] => [o, o.replaceAll("_", " ")])]} />}
        {on === "last" && <Choice label="Kind" value={params["kind"] ?? ""} onPick={(kind) => set({ kind })} all={[["", "any kind"], ...kinds.map((k): [string, string] => [k, what(k)])]} />}
        {on === "typed" && <Choice label="Listener" value={listener} onPick={setListener} all={listeners.map((name) => [name, name])} />}
        <label class="check" title="Both begin with a copy of what the plugin has stored"><input type="checkbox" checked={stored} onChange={(event) => setStored(event.currentTarget.checked)} /> its storage</label>
      </header>
      {on === "typed" && <textarea class="typed" aria-label="The answer, as JSON" value={typed} spellcheck={false} rows={6} onInput={(event) => setTyped(event.currentTarget.value)} />}
      {!may && <p class="hint">Running code takes the scope “scripts”.</p>}
      <Problem text={error} />
      {tried === undefined
        ? (error === "" && (
          <Empty title="See what a draft would have done">
            <p>It runs, unsaved, on answers that really came, beside the version that runs now. Nothing leaves: what it would have fetched, stored or sent is shown.</p>
          </Empty>
        ))
        : (
          <div class={"result" + (old ? " old" : "")} ref={seen}>
            {old && <p class="strip" role="status">The script has changed since this was tried. <button type="button" class="link strong" disabled={busy || !may} onClick={() => void run()}>Try again</button></p>}
            <Result tried={tried.result} onGo={onGo} />
          </div>
        )}
    </div>
  );
}

function Result({ tried, onGo }: { tried: Tried; onGo: (problem: Mistake) => void }) {
  const { summary } = tried;
  const others = summary.answers - summary.same;
  const [all, setAll] = useState<string>();
  const showing = all ?? (others > 0 ? "others" : "all");
  const shown = tried.answers.filter((a) => showing === "all" || a.verdict !== "same");
  return (
    <>
      {tried.draft.problem !== null && <><p class="hint">The draft cannot be loaded:</p><Where problem={tried.draft.problem} onGo={() => onGo(tried.draft.problem!)} /></>}
      <p class="sum" role="status">
        {tried.draft.problem === null && (summary.answers === 0 ? "No answer passes these filters." : (
          <>
            <b>{plural(summary.answers, "answer")}</b>
            {(["same", "differs", "now_throws", "no_longer_throws", "unknown"] as const).filter((v) => summary[v] > 0).map((v) => <Says key={v} of={v} text={count(summary[v]) + " " + (v === "differs" && summary[v] > 1 ? "differ" : verdicts[v])} />)}
          </>
        ))}
        <span class="muted">{Math.round(tried.took_ms)} ms, nothing has left</span>
      </p>
      {tried.against.version === "" && tried.against.why !== "" && <p class="hint"><Text of={tried.against.why} /></p>}
      {tried.stopped !== "" && <Problem text={tried.stopped} />}
      {tried.cut && <p class="hint">There was too much to show all of it.</p>}
      {tried.top_level !== undefined && (tried.top_level.running.length > 0 || tried.top_level.draft.length > 0) && (
        <details class="compared" open={tried.top_level.verdict !== "same"}>
          <summary><Says of={tried.top_level.verdict} text="" /><span>when it starts</span></summary>
          <Sides running={tried.top_level.running} draft={tried.top_level.draft} tried={tried} onGo={onGo} />
        </details>
      )}
      {others > 0 && others < summary.answers && <Tabs label="Which" at={showing} onPick={setAll} all={[["others", "What differs"], ["all", "All"]]} />}
      {shown.slice(0, 200).map((a, i) => <One key={a.seq + ":" + i} compared={a} tried={tried} open={i < 12} onGo={onGo} />)}
      {shown.length > 200 && <p class="hint">{plural(shown.length - 200, "more answer")} not shown.</p>}
    </>
  );
}

function One({ compared: a, tried, open, onGo }: { compared: Compared; tried: Tried; open: boolean; onGo: (problem: Mistake) => void }) {
  return (
    <details class="compared" open={open}>
      <summary>
        <Says of={a.verdict} text="" />
        {a.typed ? <span>typed</span> : <><span class="muted num">{clockTime(a.at)}</span><span>{what(a.kind)}{a.event_token !== undefined && a.event_token !== "" && <b class="token"><Text of={a.event_token} /></b>}</span><Says of={a.outcome} /></>}
        <span class="verdict-word">{verdicts[a.verdict]}</span>
      </summary>
      {!a.typed && <a class="answer-link" href={address([], { seq: String(a.seq), id: a.id })} title="Show the answer">#{a.seq}</a>}
      <Sides running={a.running} draft={a.draft} tried={tried} onGo={onGo} />
    </details>
  );
}

function Sides({ running, draft, tried, onGo }: { running: Act[]; draft: Act[]; tried: Tried; onGo: (problem: Mistake) => void }) {
  const before = new Set(running.map((act) => act.text));
  const after = new Set(draft.map((act) => act.text));
  return (
    <div class={"sides" + (tried.against.version === "" ? " one" : "")}>
      {tried.against.version !== "" && <Side title="Running" version={tried.against.version} acts={running} others={after} mark="gone" onGo={onGo} />}
      <Side title="Draft" version={tried.draft.version} acts={draft} others={before} mark="new" onGo={onGo} />
    </div>
  );
}

const words: Record<Act["type"], string> = { line: "prints", fetch: "fetches", stored: "stores", tracked: "sends", error: "throws" };

function Side({ title, version, acts, others, mark, onGo }: { title: string; version: string; acts: Act[]; others: ReadonlySet<string>; mark: string; onGo: (problem: Mistake) => void }) {
  return (
    <div class="side">
      <h4>{title} <code class="version">{version}</code></h4>
      {acts.length === 0 && <p class="hint">does nothing</p>}
      {acts.map((act, i) => (
        <div key={i} class={"act act-" + act.type + (others.has(act.text) ? "" : " " + mark)}>
          <span class="act-word">{words[act.type]}</span>
          {act.problem === undefined && <pre class={act.level === undefined ? "" : "level-" + act.level}>{visible(act.type === "fetch" ? act.text.replace(/^fetch /, "") : act.text.replace(/^(store|track|throws) /, ""), true)}</pre>}
          {act.fetch?.body !== undefined && act.fetch.body !== "" && <pre class="body">{visible(act.fetch.body, true)}</pre>}
          {act.problem !== undefined && <Where problem={act.problem} onGo={() => onGo(act.problem!)} />}
        </div>
      ))}
    </div>
  );
}
