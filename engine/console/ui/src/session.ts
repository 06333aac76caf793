// Who is signed in, and what they may do.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Refusal, ask } from "./ask";
import type { Me } from "./types";

export const Session = createContext<Me | undefined>(undefined);

export interface May {
  operate: boolean;
  // Running scripts: checks, tries, tests.
  scripts: boolean;
  // Changing them on disk. why says why not, where the host has a word for it.
  edit: boolean;
  why: string;
}

// useMay says what the page offers. The host refuses the rest whatever the page offers.
export function useMay(): May {
  const me = useContext(Session);
  const has = (scope: Me["scopes"][number]) => me?.scopes.includes(scope) ?? false;
  return { operate: has("operate"), scripts: has("scripts"), edit: has("scripts") && (me?.edit ?? false), why: me?.read_only ?? "" };
}

const path = "/console/session";

// arrive finds out who asks: by the one-time code of a link, or by the session that there is. Undefined: somebody must sign in.
export async function arrive(): Promise<{ me?: Me; problem: string }> {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  let problem = "";
  if (code !== null) {
    history.replaceState(null, "", location.pathname + location.search);
    try {
      return { me: await ask<Me>(path, { method: "POST", body: { code }, quiet: true }), problem };
    } catch (error) {
      // A link that was used before: the session that it made may still be there.
      problem = error instanceof Refusal ? error.message : String(error);
    }
  }
  try {
    return { me: await ask<Me>(path, { quiet: true }), problem: "" };
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) {
      return { problem };
    }
    return { problem: error instanceof Refusal ? error.message : String(error) };
  }
}

export function signIn(token: string): Promise<Me> {
  return ask<Me>(path, { method: "POST", body: { token }, quiet: true });
}

export async function signOut(): Promise<void> {
  await ask(path, { method: "DELETE", quiet: true });
}
