// A list that comes page by page. The first is asked again while it is looked at; those after it are added on demand.
import { useEffect, useState } from "preact/hooks";
import { ask, said } from "../ask";
import { useAsk } from "../use";

interface Page<T> { rows: T[]; next?: string | undefined; complete?: boolean | undefined }

export interface Pages<T> {
  rows: T[];
  error: string;
  loaded: boolean;
  more: (() => void) | undefined;
  complete: boolean;
  again: () => void;
}

// usePages asks an address, to which it adds the page. read takes an answer apart.
export function usePages<A, T>(path: string, every: number, read: (answer: A) => Page<T>): Pages<T> {
  const first = useAsk<A>(path, every);
  const [further, setFurther] = useState<{ of: string; rows: T[]; next: string | undefined; complete: boolean }>();
  const [error, setError] = useState("");
  useEffect(() => setFurther(undefined), [path]);
  const page = first.value === undefined ? undefined : read(first.value);
  const added = further?.of === path ? further : undefined;
  const next = added === undefined ? page?.next : added.next;
  const more = async () => {
    try {
      const got = read(await ask<A>(path + (path.includes("?") ? "&" : "?") + "page=" + encodeURIComponent(next!)));
      setFurther({ of: path, rows: [...(added?.rows ?? []), ...got.rows], next: got.next, complete: got.complete !== false });
      setError("");
    } catch (problem) {
      setError(said(problem));
    }
  };
  return {
    rows: [...(page?.rows ?? []), ...(added?.rows ?? [])],
    error: error === "" ? first.error : error,
    loaded: page !== undefined,
    more: next === undefined || next === "" ? undefined : () => void more(),
    complete: (added?.complete ?? page?.complete) !== false,
    again: first.again,
  };
}
