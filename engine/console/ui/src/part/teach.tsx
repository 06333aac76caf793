// What to paste to send a first event.
import { useState } from "preact/hooks";
import { mac } from "../keys";
import { address } from "../route";
import { Text } from "../text";
import type { Host } from "../types";
import { Code, Tabs } from "./parts";

export function FirstEvent({ host }: { host: Host | undefined }) {
  const [way, setWay] = useState("curl");
  if (host === undefined) { return null; } // what is pasted must work
  const app = host.app_token ?? "YourAppToken";
  const environment = host.environment ?? "sandbox";
  const ways: Record<string, string> = {
    curl: ["session", "event"].map((kind) =>
      `curl ${location.origin}/${kind} -d s2s=1 -d app_token=${app} \\\n  -d environment=${environment} -d external_device_id=pc-17` + (kind === "event" ? " -d event_token=abc123" : "")).join("\n"),
    trackhook: `trackhook track session --device external_device_id=pc-17 --host ${location.origin}\n`
      + `trackhook track event --event-token abc123 --device external_device_id=pc-17 \\\n  --host ${location.origin}`,
    PowerShell: ["session", "event"].map((kind) =>
      `Invoke-RestMethod ${location.origin}/${kind} -Method Post -Body @{ s2s=1; app_token="${app}";\n  environment="${environment}"; external_device_id="pc-17"` + (kind === "event" ? '; event_token="abc123"' : "") + " }").join("\n"),
  };
  return (
    <div class="teach">
      <Tabs label="With which program" all={Object.keys(ways).map((name) => [name, name])} at={way} onPick={setWay} />
      <Code text={ways[way]!} />
      <p class="hint">A device is known by its first session; an event that comes before it waits. With tokens configured, add <code>-H "Authorization: Bearer …"</code>.</p>
    </div>
  );
}

// FirstSteps is shown below the first answers: what to do next.
export function FirstSteps({ host, script }: { host: Host | undefined; script: string | undefined }) {
  const mod = mac ? "⌘" : "Ctrl ";
  return (
    <section class="first-steps" aria-label="What to do next">
      <div>
        <h2>Send an event</h2>
        <p class="hint">Its answer shows above the moment it is settled, with what your scripts printed.</p>
        <FirstEvent host={host} />
      </div>
      <div>
        <h2>Change what a script does</h2>
        <ol>
          <li>{script === undefined ? <a href={address(["scripts"])}>Make a script</a> : <>Open <a href={address(["scripts", script])}><Text of={script} /></a></>} and change a line.</li>
          <li><kbd>{mod}Enter</kbd> tries the draft on the answers above, beside the version that runs. Nothing leaves.</li>
          <li><kbd>{mod}S</kbd> saves. The next answer runs it; what is broken never does.</li>
        </ol>
      </div>
    </section>
  );
}
