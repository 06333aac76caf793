// The plugin's tests, run on the draft.
import { useEffect, useRef, useState } from "preact/hooks";
import { Refusal, aborted, ask, query, said } from "../ask";
import { Text, plural, visible } from "../text";
import type { Line, Problem as Mistake, Saved, Script, Tested } from "../types";
import { Button, Empty, Problem, Says } from "./parts";
import { Where } from "./problem";

interface Props {
  script: Script;
  files: () => Record<string, string>;
  may: boolean;
  writable: boolean;
  onGo: (problem: Mistake) => void;
  // A file of tests was made.
  onMade: (path: string) => void;
}

// firstTest is a test to begin with: it holds for every script that does not throw.
function firstTest(file: string): string {
  return `import { expect, plugin, test } from "trackhook/test";

test("hears an event that was delivered", async () => {
  const p = await plugin.load("./${file}");
  await p.eventSuccess({ eventToken: "abc123", message: "OK" });
  expect(p.text).toContain(""); // what it has printed
});
`;
}

export function Tests({ script, files, may, writable, onGo, onMade }: Props) {
  const plugin = script.name;
  const [tested, setTested] = useState<Tested>();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const run = async () => {
    stop.current?.abort();
    stop.current = new AbortController();
    setBusy(true);
    setError("");
    try {
      setTested(await ask<Tested>("/api/v1/scripts/test", { method: "POST", body: { plugin, files: files() }, signal: stop.current.signal }));
    } catch (problem) {
      if (!aborted(problem)) {
        setError(problem instanceof Refusal && problem.title === "No tests" ? "This plugin has no tests yet." : said(problem));
      }
    }
    setBusy(false);
  };
  if (script.tests.length === 0) {
    const first = script.files[0] ?? plugin + ".js";
    const path = first.replace(/\.[^./]+$/, ".test.js");
    const make = async () => {
      setError("");
      try {
        await ask<Saved>("/api/v1/scripts/file" + query({ path }), { method: "PUT", body: { text: firstTest(first.slice(first.lastIndexOf("/") + 1)), version: "" } });
        onMade(path);
      } catch (problem) {
        setError(said(problem));
      }
    };
    return (
      <Empty title="No tests yet">
        <p>A file <code><Text of={path} /></code> beside it feeds answers to the script, and looks at what comes of them. The templates have some.</p>
        <Problem text={error} />
        {writable && <Button icon="plus" onClick={() => void make()}>Make one to begin with</Button>}
      </Empty>
    );
  }
  const sum = tested?.summary;
  return (
    <div class="tests">
      <header class="panel-bar">
        <Button kind="main" icon="play" busy={busy} disabled={busy || !may} onClick={() => void run()}>{busy ? "Running…" : "Run tests"}</Button>
        {sum !== undefined && <p role="status"><Says of={sum.failed > 0 ? "failed" : "passed"} text={sum.failed > 0 ? plural(sum.failed, "test") + " failed" : plural(sum.passed, "test") + " passed"} />{sum.failed > 0 && <span class="muted"> {sum.passed} passed</span>}{sum.skipped + sum.todo > 0 && <span class="muted"> {sum.skipped + sum.todo} left out</span>}<span class="muted"> in {Math.round(tested!.took_ms)} ms</span></p>}
      </header>
      <Problem text={error} />
      {!may && <p class="hint">Running code takes the scope “scripts”.</p>}
      {tested?.stopped !== undefined && tested.stopped !== "" && <Problem text={tested.stopped} />}
      {tested?.files.map((file) => (
        <section key={file.file}>
          <h3><code><Text of={file.file} /></code></h3>
          {file.problem !== null && <Where problem={file.problem} onGo={() => onGo(file.problem!)} />}
          <Lines lines={file.lines} />
          <ul>
            {file.tests.map((test, i) => (
              <li key={i}>
                <p><Says of={test.status} text="" /> <Text of={test.name.join(" › ")} />{test.status !== "passed" && test.status !== "failed" && <span class="muted"> {test.status}</span>}</p>
                {test.failures.map((failure, f) => <Where key={f} problem={failure} onGo={() => onGo(failure)} />)}
                {test.status === "failed" && <Lines lines={test.lines} />}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Lines({ lines }: { lines: Line[] }) {
  return lines.length === 0 ? null : <pre class="printed" tabIndex={0}>{lines.map((line, i) => <span key={i} class={"line level-" + line.level}>{visible(line.text, true)}{"\n"}</span>)}</pre>;
}
