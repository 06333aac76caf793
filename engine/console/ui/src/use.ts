// Asking the host from a view: what it knows, whether it is being asked, and what went wrong.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { aborted, ask, said } from "./ask";

export interface Known<T> {
  value: T | undefined;
  error: string;
  busy: boolean;
  again: () => void;
}

// useAsk asks when the address changes, and again after so many seconds while the page is seen. "" asks nothing.
export function useAsk<T>(path: string, every = 0): Known<T> {
  const [value, setValue] = useState<T>();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const of = useRef("");
  useEffect(() => {
    if (path === "") {
      return;
    }
    const stop = new AbortController();
    if (of.current !== path) {
      of.current = path;
      setValue(undefined);
    }
    setBusy(true);
    ask<T>(path, { signal: stop.signal }).then(
      (got) => {
        setValue(got);
        setError("");
        setBusy(false);
      },
      (problem: unknown) => {
        if (!aborted(problem)) {
          setError(said(problem));
          setBusy(false);
        }
      },
    );
    return () => stop.abort();
  }, [path, turn]);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  useEffect(() => {
    if (every === 0) {
      return;
    }
    const timer = setInterval(() => {
      if (!document.hidden) {
        again();
      }
    }, every * 1000);
    return () => clearInterval(timer);
  }, [every, again]);
  return { value: of.current === path ? value : undefined, error, busy, again };
}

// useNow is the time, anew after so many seconds.
export function useNow(every: number): number {
  const [now, tell] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) {
        tell(Date.now());
      }
    }, every * 1000);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

// useLate is a value that has not changed for so many milliseconds.
export function useLate<T>(value: T, ms: number): T {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return late;
}
