import { useState } from "preact/hooks";
import { ask, said } from "../ask";
import { Text, plural } from "../text";
import type { Template } from "../types";
import { useAsk } from "../use";
import { Button, Dialog, Problem } from "./parts";

export function NewScript({ onClose, onMade }: { onClose: () => void; onMade: (name: string) => void }) {
  const known = useAsk<{ templates: Template[] }>("/api/v1/scripts/templates");
  const templates = known.value?.templates ?? [];
  const [picked, setPicked] = useState("empty");
  const [name, setName] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const template = templates.find((t) => t.name === picked) ?? templates[0];
  const make = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      const made = await ask<{ plugin: string }>("/api/v1/scripts/create", { method: "POST", body: { template: template?.name ?? "empty", name } });
      onMade(made.plugin);
    } catch (problem) {
      setError(said(problem));
      setBusy(false);
    }
  };
  return (
    <Dialog title="New script" onClose={onClose} wide>
      <form class="new-script" onSubmit={(event) => void make(event)}>
        <fieldset class="templates">
          <legend class="unseen">Begin with</legend>
          {templates.map((t) => (
            <label key={t.name} class={t.name === template?.name ? "chosen" : ""}>
              <input type="radio" name="template" value={t.name} checked={t.name === template?.name} onChange={() => { setPicked(t.name); if (name === "" || templates.some((other) => other.name === name)) { setName(t.name === "empty" ? "" : t.name); } }} />
              <b>{t.name}</b>
              <span class="muted"><Text of={t.summary} /></span>
            </label>
          ))}
        </fieldset>
        {template !== undefined && (
          <div class="template">
            <p class="muted">{plural(template.files.length, "file")}: {template.files.map((file) => file.path).join(", ")}</p>
            <pre class="json" tabIndex={0} aria-label="The first file">{template.files[0]?.text ?? ""}</pre>
            {template.permissions !== "" && <p class="hint">Needs: <Text of={template.permissions} /></p>}
          </div>
        )}
        <Problem text={error === "" ? known.error : error} />
        <footer>
          <label>Name <input type="text" required value={name} maxLength={100} spellcheck={false} autocomplete="off" pattern="[A-Za-z0-9_.\-]+" placeholder="my-alert" onInput={(event) => setName(event.currentTarget.value)} /></label>
          <Button kind="main" type="submit" busy={busy} disabled={busy || name === ""}>Make it</Button>
        </footer>
      </form>
    </Dialog>
  );
}
