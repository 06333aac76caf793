// Asking the host: same origin only, with the session's cookie, which the page never sees.

// Refusal is an answer that says no.
export class Refusal extends Error {
  constructor(readonly status: number, readonly title: string, readonly detail: string, readonly body: Record<string, unknown> = {}) {
    super(detail === "" ? title : detail);
  }
}

const ended = new Set<() => void>();

// onEnd is told when the host does not know the session any more.
export function onEnd(tell: () => void): () => void {
  ended.add(tell);
  return () => void ended.delete(tell);
}

let silent = false;
const returned = new Set<() => void>();

// onReturn is told when the host answers again that did not.
export function onReturn(tell: () => void): () => void {
  returned.add(tell);
  return () => void returned.delete(tell);
}

export interface Ask {
  method?: string;
  body?: unknown;
  signal?: AbortSignal;
  // Nobody is told that the session has ended.
  quiet?: boolean;
}

export async function send(path: string, { method = "GET", body, signal, quiet }: Ask = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      signal: signal ?? null,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }
    silent = true;
    throw new Refusal(0, "The host does not answer", "The host does not answer. It may have stopped, or the network between is down.");
  }
  if (silent) {
    silent = false;
    returned.forEach((tell) => tell());
  }
  if (answer.ok) {
    return answer;
  }
  const said = await answer.json().catch(() => ({})) as Record<string, unknown>;
  if (answer.status === 401 && !quiet) {
    ended.forEach((tell) => tell());
  }
  throw new Refusal(answer.status, String(said["error"] ?? answer.statusText), String(said["detail"] ?? ""), said);
}

// ask returns the JSON of an answer.
export async function ask<T>(path: string, how: Ask = {}): Promise<T> {
  const answer = await send(path, how);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

// lines reads an answer that is one JSON object a line, as it comes.
export async function* lines<T>(path: string, how: Ask = {}): AsyncGenerator<T[]> {
  const answer = await send(path, how);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        if (rest.trim() !== "") {
          yield [JSON.parse(rest) as T];
        }
        return;
      }
      const parts = (rest + value).split("\n");
      rest = parts.pop() ?? "";
      const whole = parts.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
      if (whole.length > 0) {
        yield whole;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

// query makes the query of an address. What has no value is left out.
export function query(params: Record<string, string | number | undefined>): string {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== "") {
      all.set(name, String(value));
    }
  }
  const text = all.toString();
  return text === "" ? "" : "?" + text;
}

// said is what a failure says to people.
export function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function aborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
