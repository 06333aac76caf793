import { render } from "preact";
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask, onEnd, onReturn, said } from "./ask";
import { press } from "./keys";
import { Answers } from "./page/answers";
import { HealthPage } from "./page/health";
import { QueuePage } from "./page/queue";
import { ReportPage } from "./page/report";
import { SignIn } from "./page/signin";
import { Shell } from "./part/shell";
import { Empty, Problem } from "./part/parts";
import { address, follow, useRoute } from "./route";
import { Session, arrive } from "./session";
import { applyTheme } from "./theme";
import type { Me } from "./types";

function App() {
  const [me, setMe] = useState<Me>();
  const [state, setState] = useState<"coming" | "out" | "ended" | "in">("coming");
  const [problem, setProblem] = useState("");
  // A host that has started again knows no sessions. One without tokens answers who is on its machine all the same, but for less
  // than the page offers: so it is asked for the session itself.
  useEffect(() => onReturn(() => void ask<Me>("/console/session").then((found) => setMe((was) => was && found), () => undefined)), []);
  useEffect(() => {
    void arrive().then(({ me: found, problem: why }) => {
      setMe(found);
      setProblem(why);
      setState(found === undefined ? "out" : "in");
    });
    return onEnd(() => setState((was) => (was === "in" ? "ended" : was)));
  }, []);
  if (state === "coming") {
    return null;
  }
  if (me === undefined || state !== "in") {
    return <SignIn problem={problem} ended={state === "ended"} onIn={(found) => { setMe(found); setState("in"); }} />;
  }
  return (
    <Session.Provider value={me}>
      <Shell me={me} onOut={() => { setMe(undefined); setProblem(""); setState("out"); }}><View /></Shell>
    </Session.Provider>
  );
}

const titles: Record<string, string> = { scripts: "Scripts", queue: "Queue", report: "Report", health: "Health" };

function View() {
  const { path } = useRoute();
  const name = path[0] ?? "";
  useEffect(() => {
    document.title = (path[1] === undefined ? "" : path[1] + " · ") + (titles[name] ?? "Answers") + " · Trackhook";
  }, [path.join("/")]);
  switch (name) {
    case "":
      return <Answers />;
    case "scripts":
      return <Scripts />;
    case "queue":
      return <QueuePage />;
    case "report":
      return <ReportPage />;
    case "health":
      return <HealthPage />;
    default:
      return <div class="page"><Empty title="There is no such page"><p><a href={address([])}>To the answers</a></p></Empty></div>;
  }
}

// Scripts are a part of the page that is loaded when somebody goes there.
function Scripts() {
  const [Page, setPage] = useState<ComponentType>();
  const [problem, setProblem] = useState("");
  const load = () => {
    setProblem("");
    import("./page/scripts").then((module) => setPage(() => module.ScriptsPage), (error: unknown) => setProblem("This part of the page cannot be loaded: " + said(error)));
  };
  useEffect(load, []);
  return Page === undefined ? <div class="page"><Problem text={problem} again={load} /></div> : <Page />;
}

applyTheme();
addEventListener("keydown", press);
document.addEventListener("click", follow);
render(<App />, document.getElementById("app")!);
