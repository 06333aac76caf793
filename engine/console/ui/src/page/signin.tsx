import { useState } from "preact/hooks";
import { said } from "../ask";
import { Mark } from "../part/icon";
import { Button, Problem } from "../part/parts";
import { signIn } from "../session";
import type { Me } from "../types";

export function SignIn({ onIn, problem, ended }: { onIn: (me: Me) => void; problem: string; ended: boolean }) {
  const [token, setToken] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(problem);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      onIn(await signIn(token));
    } catch (failure) {
      setError(said(failure));
    }
    setToken("");
    setBusy(false);
  };
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <p class="brand"><Mark /> Trackhook</p>
        <h1>{ended ? "Your session has ended" : "Sign in"}</h1>
        <Problem text={error} />
        <label>
          <span>API token</span>
          <input type="password" value={token} autocomplete="off" spellcheck={false} autofocus required onInput={(event) => setToken(event.currentTarget.value)} />
        </label>
        <Button kind="main" type="submit" busy={busy} disabled={busy || token === ""}>{busy ? "Signing in…" : "Sign in"}</Button>
        {ended && <p class="hint">It was not used for long, or the host has started again. Drafts of scripts are kept in this browser.</p>}
        <p class="hint">The token is sent once and not kept by the page. On the machine of the host, <code>trackhook open</code> makes a link that signs you in; the demo prints one when it starts.</p>
      </form>
    </main>
  );
}
