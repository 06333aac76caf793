// A mistake in a script: what, where, and the line as its author wrote it.
import { Text, visible } from "../text";
import type { Problem } from "../types";
import { Says } from "./parts";

export function Where({ problem, href, onGo }: { problem: Problem; href?: string; onGo?: () => void }) {
  const place = (problem.path ?? problem.file ?? "") + (problem.line === undefined || problem.line === 0 ? "" : ":" + problem.line + (problem.column ? ":" + problem.column : ""));
  return (
    <div class={"where where-" + problem.severity}>
      <p>
        <Says of={problem.severity} text="" /> <Text of={problem.message} />{" "}
        {onGo !== undefined ? <button type="button" class="link place" onClick={onGo}>{place}</button> : href !== undefined ? <a class="place" href={href}>{place}</a> : <span class="place muted">{place}</span>}
      </p>
      {problem.source !== undefined && problem.source !== "" && <pre class="excerpt">{problem.line !== undefined && problem.line > 0 && <span class="muted">{problem.line} │ </span>}{visible(problem.source.trimEnd(), true)}</pre>}
      {(problem.notes ?? []).map((note, i) => <p key={i} class="hint"><Text of={note} /></p>)}
    </div>
  );
}
