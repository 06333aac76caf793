// Times, in the time zone of who looks or in UTC, which the page says.
import { useEffect, useState } from "preact/hooks";
import { keep, kept } from "./keep";

const zones = new Set<() => void>();
let utc = kept("zone") === "utc";

export function zone(): string {
  return utc ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

// offset is how far the zone is from UTC, such as UTC+2.
export function offset(): string {
  if (utc || zone() === "UTC") {
    return "";
  }
  const minutes = -new Date().getTimezoneOffset();
  const hours = Math.trunc(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return "UTC" + (minutes < 0 ? "−" : "+") + hours + (rest === 0 ? "" : ":" + String(rest).padStart(2, "0"));
}

export function switchZone(): void {
  utc = !utc;
  keep("zone", utc ? "utc" : "");
  made.clear();
  zones.forEach((tell) => tell());
}

export function useZone(): string {
  const [, tell] = useState({});
  useEffect(() => {
    const changed = () => tell({});
    zones.add(changed);
    return () => void zones.delete(changed);
  }, []);
  return zone();
}

const made = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions, at: Date): string {
  const key = JSON.stringify(options);
  let formatter = made.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("sv-SE", { ...options, ...(utc ? { timeZone: "UTC" } : {}) });
    made.set(key, formatter);
  }
  return formatter.format(at);
}

const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
const day: Intl.DateTimeFormatOptions = { year: "numeric", month: "2-digit", day: "2-digit" };

// clockTime is the time of day to the millisecond.
export function clockTime(at: string): string {
  const date = new Date(at);
  return format(clock, date) + "." + String(date.getUTCMilliseconds()).padStart(3, "0");
}

// dayTime is a day and a time, and the time alone when the day is today.
export function dayTime(at: string | undefined): string {
  if (at === undefined) {
    return "–";
  }
  const date = new Date(at);
  const today = format(day, date) === format(day, new Date());
  return today ? format(clock, date) : format(day, date) + " " + format(clock, date);
}

export function fullTime(at: string): string {
  const date = new Date(at);
  return format(day, date) + " " + clockTime(at) + " " + (offset() || "UTC");
}

// span says how long something takes or took, in its largest unit.
export function span(ms: number): string {
  const s = Math.abs(ms) / 1000;
  if (s < 1) {
    return Math.round(Math.abs(ms)) + " ms";
  }
  if (s < 90) {
    return Math.round(s) + " s";
  }
  if (s < 90 * 60) {
    return Math.round(s / 60) + " min";
  }
  if (s < 36 * 3600) {
    return Math.round(s / 3600) + " h";
  }
  return Math.round(s / 86400) + " days";
}

// ago says how long ago a time was, or in how long it comes.
export function ago(at: string | undefined, now = Date.now()): string {
  if (at === undefined) {
    return "–";
  }
  const ms = now - new Date(at).getTime();
  if (Math.abs(ms) < 1000) {
    return "now";
  }
  return ms < 0 ? "in " + span(ms) : span(ms) + " ago";
}
