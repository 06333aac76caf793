// The files of a plugin, as a tree, and a new one.
import { useState } from "preact/hooks";
import { ask, query, said } from "../ask";
import { address, go } from "../route";
import { useMay } from "../session";
import { Text } from "../text";
import type { Saved, Script, Scripts } from "../types";
import { Icon } from "./icon";
import { Button, Dialog, Problem } from "./parts";

export function Files({ script, scripts, at, drafts }: { script: Script; scripts: Scripts; at: string; drafts: string[] }) {
  const may = useMay();
  const [making, setMaking] = useState(false);
  const first = script.files[0] ?? "";
  const folder = first.includes("/") ? first.slice(0, first.indexOf("/") + 1) : "";
  const paths = script.files.slice().sort();
  const seen = new Set<string>();
  const rows = paths.flatMap((path) => {
    const parts = path.slice(folder.length).split("/");
    const folders = parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join("/")).filter((each) => !seen.has(each));
    folders.forEach((each) => seen.add(each));
    return [...folders.map((each) => ({ name: each.split("/").at(-1)!, depth: each.split("/").length - 1, path: "" })), { name: parts.at(-1)!, depth: parts.length - 1, path }];
  });
  const entry = (path: string) => scripts.files.find((file) => file.path === path);
  return (
    <nav class="files" aria-label="Files of this script">
      <ul>
        {rows.map((row, i) => (
          <li key={i} class={"depth-" + Math.min(row.depth, 4)}>
            {row.path === ""
              ? <span class="folder"><Icon name="folder" /><Text of={row.name} /></span>
              : (
                <a href={address(["scripts", script.name], { file: row.path === first ? undefined : row.path })} aria-current={row.path === at ? "page" : undefined} title={entry(row.path)?.why}>
                  <Icon name="file" /><span><Text of={row.name} /></span>{drafts.includes(row.path) && <span class="tag">draft</span>}
                </a>
              )}
          </li>
        ))}
      </ul>
      {may.edit && scripts.folder.writable && folder !== "" && <Button kind="plain" icon="plus" onClick={() => setMaking(true)}>File</Button>}
      {making && <NewFile folder={folder} onClose={() => setMaking(false)} onMade={(path) => { setMaking(false); go(address(["scripts", script.name], { file: path })); }} />}
    </nav>
  );
}

function NewFile({ folder, onClose, onMade }: { folder: string; onClose: () => void; onMade: (path: string) => void }) {
  const [name, setName] = useState("");
  const [error, setError] = useState("");
  const make = async (event: Event) => {
    event.preventDefault();
    try {
      const saved = await ask<Saved>("/api/v1/scripts/file" + query({ path: folder + name }), { method: "PUT", body: { text: "", version: "" } });
      onMade(saved.path);
    } catch (problem) {
      setError(said(problem));
    }
  };
  return (
    <Dialog title="New file" onClose={onClose}>
      <form class="move" onSubmit={(event) => void make(event)}>
        <label>Name <input type="text" required value={name} maxLength={200} spellcheck={false} placeholder="lib/format.js" onInput={(event) => setName(event.currentTarget.value)} /></label>
        <Problem text={error} />
        <footer><Button onClick={onClose}>Cancel</Button><Button type="submit" kind="main" disabled={name === ""}>Make it</Button></footer>
      </form>
    </Dialog>
  );
}
