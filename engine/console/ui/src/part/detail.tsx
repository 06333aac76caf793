// Everything about one package: the answer that was chosen, what was sent, every attempt, and what scripts made of it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { address, set } from "../route";
import { useMay } from "../session";
import { Text, bytes, count, nameOf, plural, visible } from "../text";
import { clockTime, dayTime, fullTime, useZone } from "../time";
import type { Answer, Run, Timeline } from "../types";
import { useAsk } from "../use";
import { Icon } from "./icon";
import { Json } from "./json";
import { Code, Copy, Problem, Says, Tabs, When } from "./parts";

interface Props {
  id: string;
  // The answer that is looked at; 0 for the last one.
  seq: number;
  // What the list knows of it already.
  known?: Answer | undefined;
  // Changes when there is more to know.
  turn?: string;
  onClose: () => void;
  actions?: (timeline: Timeline, again: () => void) => ComponentChildren;
}

export function Detail({ id, seq, known, turn, onClose, actions }: Props) {
  useZone();
  const timeline = useAsk<Timeline>("/api/v1/packages/" + encodeURIComponent(id));
  useEffect(() => {
    if (turn !== undefined) {
      timeline.again();
    }
  }, [turn]);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.scrollTo(0, 0);
  }, [id, seq]);
  const history = timeline.value?.history ?? [];
  const answer = history.find((a) => a.seq === seq) ?? known ?? history.at(-1);
  const about = timeline.value?.package ?? answer;
  return (
    <aside class="detail" ref={panel} tabIndex={-1} aria-label="Detail">
      <header>
        <div>
          <h2>{about === undefined ? "Package" : what(about.kind)} {about?.event_token !== undefined && <b class="token"><Text of={about.event_token} /></b>}</h2>
          <p class="id"><code>{id}</code><Copy text={id} label="Copy the id" /></p>
        </div>
        <button type="button" class="copy" onClick={onClose} aria-label="Close the detail"><Icon name="close" /></button>
      </header>
      <Problem text={timeline.error} again={timeline.again} />
      {timeline.value?.missing !== undefined && <Problem text={"Damaged, and not shown: " + timeline.value.missing.join("; ")} />}
      {timeline.value !== undefined && actions?.(timeline.value, timeline.again)}
      {about !== undefined && <Facts answer={answer} timeline={timeline.value} />}
      {answer !== undefined && <Said answer={answer} />}
      {answer !== undefined && <Scripts runs={answer.runs ?? known?.runs} seq={answer.seq} loading={timeline.value === undefined} repeat={answer.repeat === true} />}
      {timeline.value !== undefined && <Sent timeline={timeline.value} />}
      {timeline.value !== undefined && <Attempts timeline={timeline.value} seq={answer?.seq ?? 0} />}
    </aside>
  );
}

function what(kind: string): string {
  return kind.replaceAll("_", " ");
}

function Facts({ answer, timeline }: { answer: Answer | undefined; timeline: Timeline | undefined }) {
  const p = timeline?.package;
  const device = p?.device ?? answer?.device ?? "";
  const token = p?.event_token ?? answer?.event_token;
  return (
    <dl class="facts">
      <div><dt>Outcome</dt><dd>{answer !== undefined ? <Says of={answer.outcome} /> : p !== undefined && <Says of={p.reason ?? p.state} />}{answer?.repeat && <span class="muted"> told nothing new</span>}{answer?.ambiguous && <span class="muted"> it may have been counted</span>}</dd></div>
      {answer !== undefined && <div><dt>At</dt><dd><time dateTime={answer.at}>{fullTime(answer.at)}</time></dd></div>}
      {answer !== undefined && <div><dt>Attempt</dt><dd>{answer.attempt === 0 ? "none was made" : answer.attempt}{answer.next_attempt !== undefined && <>; next <When at={answer.next_attempt} /></>}</dd></div>}
      {p !== undefined && <div><dt>State</dt><dd><Says of={p.state} />{p.held && <span class="muted"> its app is not configured</span>}</dd></div>}
      <div><dt>App</dt><dd><code>{p?.app_token ?? answer?.app_token}</code> {p?.environment ?? answer?.environment}</dd></div>
      <div><dt>Device</dt><dd class="long"><code><Text of={device} /></code> <a class="only" href={address([], { device })}>only this</a></dd></div>
      {token !== undefined && <div><dt>Token</dt><dd><code><Text of={token} /></code> <a class="only" href={address([], { event_token: token })}>only this</a></dd></div>}
      {p?.revenue !== undefined && <div><dt>Revenue</dt><dd class="num"><Text of={p.revenue + " " + (p.currency ?? "")} /></dd></div>}
      {(p?.callback_id ?? answer?.callback_id) !== undefined && <div><dt>Callback id</dt><dd class="long"><code><Text of={p?.callback_id ?? answer?.callback_id} /></code></dd></div>}
      {p !== undefined && <div><dt>Happened</dt><dd>{dayTime(p.created)}</dd></div>}
      {p !== undefined && <div><dt>Accepted</dt><dd>{dayTime(p.accepted)}</dd></div>}
      {answer?.adid !== undefined && <div><dt>Adid</dt><dd class="long"><code><Text of={answer.adid} /></code></dd></div>}
    </dl>
  );
}

// Said is what the server said.
function Said({ answer }: { answer: Answer }) {
  return (
    <section>
      <h3>
        {answer.status === undefined ? "No answer came" : <>The server said <b class={"status" + (answer.status >= 400 ? " bad" : "")}>{answer.status}</b></>}
        {answer.rule !== undefined && <span class="muted" title="The rule that chose the outcome">by the rule “<Text of={answer.rule} />”</span>}
      </h3>
      {answer.message !== undefined && answer.body === undefined && answer.body_text === undefined && <p class="message"><Text of={answer.message} /></p>}
      {answer.body !== undefined ? <Json of={answer.body} /> : answer.body_text !== undefined && <pre class="json" tabIndex={0}>{visible(answer.body_text, true)}</pre>}
      {answer.body_cut && <p class="hint">Only the beginning: the answer has {bytes(answer.body_bytes ?? 0)}.</p>}
    </section>
  );
}

function Scripts({ runs, seq, loading, repeat }: { runs: Run[] | undefined; seq: number; loading: boolean; repeat: boolean }) {
  const may = useMay();
  const told = (runs ?? []).filter((run) => !run.skipped);
  const skipped = (runs ?? []).length - told.length;
  return (
    <section>
      <h3>Scripts</h3>
      {told.length === 0 && <p class="hint">{loading ? "…" : repeat ? "Scripts were told of this before, and hear it once." : skipped > 0 ? "No plugin listens to answers of this kind." : "No plugin is past this answer yet."}</p>}
      {told.map((run) => (
        <div class="run-block" key={run.listener + run.version}>
          <p><a href={address(["scripts", nameOf(run)])}><Text of={nameOf(run)} /></a> <code class="version">{run.version}</code>{run.failure === undefined ? null : <Says of="failed" />}{may.scripts && <a class="try-on" href={address(["scripts", nameOf(run)], { seqs: String(seq) })}>try a draft on this</a>}</p>
          {run.failure !== undefined && <pre class="printed bad" tabIndex={0}>{visible(run.failure, true)}</pre>}
          {(run.lines ?? []).length > 0 && (
            <pre class="printed" tabIndex={0}>{run.lines!.map((line, i) => <span key={i} class={"line level-" + line.level}>{visible(line.text, true)}{"\n"}</span>)}</pre>
          )}
          {(run.lines_left_out ?? 0) > 0 && <p class="hint">{plural(run.lines_left_out!, "more line")} left out.</p>}
          {run.failure === undefined && (run.lines ?? []).length === 0 && <p class="hint">It printed nothing that is still in memory.</p>}
        </div>
      ))}
    </section>
  );
}

// Sent is the request, as a form and as a command.
function Sent({ timeline }: { timeline: Timeline }) {
  const [as, setAs] = useState("form");
  const { form, curl } = timeline.request;
  return (
    <section>
      <h3>Request
        {curl !== undefined && <Tabs label="The request as" all={[["form", "Form"], ["curl", "curl"]]} at={as} onPick={setAs} />}
      </h3>
      {as === "curl" && curl !== undefined
        ? <Code text={broken(curl)} />
        : <table class="form"><tbody>{form.map((param, i) => <tr key={i}><th scope="row"><Text of={param.name} /></th><td><Text of={param.value} /></td></tr>)}</tbody></table>}
    </section>
  );
}

// broken puts the options of a command on lines of their own. What stands in quotes stays as it is.
function broken(curl: string): string {
  return curl.split(/('[^']*')/).map((part, i) => i % 2 === 1 ? part : part.replaceAll(" --", " \\\n  --")).join("");
}

function Attempts({ timeline, seq }: { timeline: Timeline; seq: number }) {
  return (
    <section>
      <h3>Timeline</h3>
      <ol class="timeline">
        <li><span class="dot" aria-hidden="true" /><time dateTime={timeline.package.accepted} title={fullTime(timeline.package.accepted)}>{clockTime(timeline.package.accepted)}</time> accepted, on disk</li>
        {timeline.history.map((answer) => (
          <li key={answer.seq} class={"says-" + answer.outcome + (answer.seq === seq ? " here" : "")}>
            <span class="dot" aria-hidden="true" />
            <time dateTime={answer.at} title={fullTime(answer.at)}>{clockTime(answer.at)}</time>
            <button type="button" class="link" onClick={() => set({ seq: String(answer.seq), id: answer.id })}>
              {answer.attempt > 0 ? "attempt " + answer.attempt + ": " : ""}{answer.outcome.replaceAll("_", " ")}{answer.status !== undefined && " (" + answer.status + ")"}
            </button>
            {answer.message !== undefined && <span class="muted"> <Text of={answer.message} /></span>}
            {(answer.runs ?? []).filter((run) => !run.skipped).length > 0 && <span class="muted"> · {answer.runs!.filter((run) => !run.skipped).map(nameOf).join(", ")}</span>}
          </li>
        ))}
        {timeline.package.due !== undefined && timeline.package.state === "queued" && <li class="next"><span class="dot" aria-hidden="true" />{Date.parse(timeline.package.due) > Date.now() ? <><When at={timeline.package.due} /> next attempt</> : "due, as soon as its turn comes"}</li>}
      </ol>
      <p class="hint">{plural(timeline.package.attempts, "attempt")}, {count(timeline.package.failures)} counted by the back-off.</p>
    </section>
  );
}
