// Work on many packages: it asks first, with how many it is about; then it shows how far it has come, and can be stopped.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { aborted, lines, query, said } from "../ask";
import { count, plural } from "../text";
import type { Counted, Progress, QueueApp } from "../types";
import { useAsk } from "../use";
import { Button, Choice, Dialog, Problem } from "./parts";

// Job is what is to be done.
export interface Job {
  // In words: "Retry", "put back", and what it is done to.
  verb: string;
  done: string;
  one: string;
  // What was skipped.
  skipped: string;
  // The path, and the packages: those of ids, or those of a filter and a state.
  path: string;
  ids?: string[] | undefined;
  filter?: Record<string, string> | undefined;
  state: "queued" | "dead";
  danger: boolean;
  about: string;
  // Apps of which one is to have the packages.
  to?: QueueApp[] | undefined;
}

const retryAbout = "Each goes to the end of its lane, with no attempts on record but its history kept. What the server refused before it refuses again, unless the reason is gone.";
const dropAbout = "They are never sent. Each leaves a response with the outcome “dropped” in the log.";

export function retryDead(which: Pick<Job, "ids" | "filter">): Job {
  return { ...which, verb: "Retry", done: "put back", one: "dead letter", skipped: "which were no dead letters any more", path: "/api/v1/dead/retry", state: "dead", danger: false, about: retryAbout };
}

export function dropDead(which: Pick<Job, "ids" | "filter">): Job {
  return { ...which, verb: "Drop", done: "dropped", one: "dead letter", skipped: "which were no dead letters any more", path: "/api/v1/dead/drop", state: "dead", danger: true, about: dropAbout };
}

export function dropQueued(which: Pick<Job, "ids" | "filter">): Job {
  return { ...which, verb: "Drop", done: "dropped", one: "queued package", skipped: "which were being sent, or had left the queue", path: "/api/v1/queue/drop", state: "queued", danger: true, about: dropAbout + " What is accepted from now on stays." };
}

export function dropHeld(app: QueueApp): Job {
  return { ...dropQueued({ filter: { app_token: app.app_token, environment: app.environment } }), path: "/api/v1/held/drop", one: "held package" };
}

export function adoptHeld(app: QueueApp, to: QueueApp[]): Job {
  return {
    filter: { app_token: app.app_token, environment: app.environment }, verb: "Adopt", done: "given over", one: "held package", skipped: "which had left the queue", path: "/api/v1/held/adopt",
    state: "queued", danger: false, to, about: `They are of ${app.app_token} (${app.environment}), which this host does not serve. Each goes to the end of its device’s lane of the other app, with a new id.`,
  };
}

export function Bulk({ job, onClose }: { job: Job; onClose: () => void }) {
  const counted = useAsk<Counted>(job.ids !== undefined ? "" : "/api/v1/queue/count" + query({ ...job.filter, state: job.state }));
  const all = job.ids !== undefined ? job.ids.length : counted.value?.[job.state];
  const [rate, setRate] = useState(100);
  const [to, setTo] = useState(0);
  const [progress, setProgress] = useState<Progress>();
  const [state, setState] = useState<"asking" | "running" | "done" | "stopped">("asking");
  const [error, setError] = useState("");
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const start = async () => {
    stop.current = new AbortController();
    setState("running");
    setError("");
    const app = job.to?.[to];
    try {
      let last: Progress | undefined;
      const body = { ...(job.ids !== undefined ? { ids: job.ids } : { filter: job.filter }), rate, ...(app === undefined ? {} : { to: { app_token: app.app_token, environment: app.environment } }) };
      for await (const batch of lines<Progress>(job.path, { method: "POST", body, signal: stop.current.signal })) {
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
  const about = all === undefined ? "…" : (counted.value?.complete === false ? "at least " : "") + plural(all, job.one);
  const done = (progress?.changed ?? 0) + (progress?.skipped ?? 0);
  const seconds = all === undefined ? 0 : Math.ceil(all / rate);
  const asking: ComponentChildren = (
    <>
      <p>{job.about}</p>
      {job.to !== undefined && (
        <p>To <Choice label="The app that is to have them" value={String(to)} onPick={(at) => setTo(Number(at))} all={job.to.map((app, at): [string, string] => [String(at), app.app_token + " " + app.environment])} /></p>
      )}
      <label class="rate">At most <input type="number" min={1} max={10000} value={rate} onChange={(event) => setRate(Math.max(1, Math.min(10000, Number(event.currentTarget.value) || 100)))} /> a second{seconds > 1 && <span class="muted">, about {seconds < 90 ? seconds + " s" : Math.ceil(seconds / 60) + " min"}</span>}</label>
    </>
  );
  return (
    <Dialog title={state === "asking" ? `${job.verb} ${about}?` : `${job.verb}: ${state === "running" ? "running" : state === "done" ? "done" : "stopped"}`} onClose={onClose}>
      <Problem text={counted.error} />
      {state === "asking" ? asking : (
        <div role="status" class="progress">
          <progress max={Math.max(all ?? 0, done, 1)} value={state === "done" && error === "" ? Math.max(all ?? 0, done, 1) : done} aria-label="How far it has come" />
          <p>{count(progress?.changed ?? 0)} {job.done} of {about}{(progress?.skipped ?? 0) > 0 && <>; {count(progress!.skipped)} skipped, {job.skipped}</>}</p>
          {state === "stopped" && error === "" && <p class="hint">Stopped. What was done stays done; what is left can be asked for again.</p>}
        </div>
      )}
      <Problem text={error} />
      <footer>
        {state === "asking" && <Button onClick={onClose}>Cancel</Button>}
        {state === "asking" && <Button kind={job.danger ? "danger" : "main"} disabled={all === undefined || all === 0 || job.to?.length === 0} onClick={() => void start()}>{job.verb} {all === undefined ? "" : count(all)}</Button>}
        {state === "running" && <Button icon="close" onClick={() => stop.current?.abort()}>Stop</Button>}
        {(state === "done" || state === "stopped") && <Button kind="main" onClick={onClose}>Close</Button>}
      </footer>
    </Dialog>
  );
}
