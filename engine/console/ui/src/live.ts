// Answers as they come: a bounded list, newest last, which a view reads from its end.
import { aborted, lines, query, said } from "./ask";
import type { Answer, Line, Run, StreamLine } from "./types";

export interface Row {
  key: string;
  answer?: Answer;
  runs?: Run[] | undefined;
  // What a plugin printed outside of any answer.
  printed?: { plugin: string; line: Line };
  // What stands in the place of answers that are not shown.
  note?: string;
  missing?: number;
}

// What is kept: of the list, and of what comes while it stands still.
const most = 5000;
const mostHeld = 1000;

export type Filter = Record<string, string | undefined>;

export class Live {
  rows: Row[] = [];
  // How many rows have come since the beginning.
  came = 0;
  paused = false;
  // What has come since the list stands still.
  held = 0;
  leftOut = 0;
  caughtUp = false;
  error = "";
  private last = 0;
  private waiting: Row[] = [];
  private bySeq = new Map<number, Row>();
  private stop: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  // What comes is new, and not asked for to catch up.
  private fresh = false;
  // When answers came, and how many at once.
  private arrivals: { at: number; count: number }[] = [];
  private notes = 0;

  constructor(private filter: Filter, private tell: () => void) {}

  start(): void {
    document.addEventListener("visibilitychange", this.look);
    this.listen();
  }

  end(): void {
    document.removeEventListener("visibilitychange", this.look);
    this.deafen();
  }

  private listen(): void {
    this.stop = new AbortController();
    void this.run(this.stop.signal);
  }

  private deafen(): void {
    this.stop?.abort();
    this.stop = undefined;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  // look listens only while somebody sees the page: the host has other work. What came meanwhile is asked for then.
  private look = (): void => {
    if (document.hidden) {
      this.deafen();
    } else if (this.stop === undefined) {
      this.listen();
    }
  };

  pause(): void {
    this.paused = true;
    this.changed();
  }

  // resume shows what came meanwhile. When that was too much, it looks back again.
  resume(): void {
    this.paused = false;
    if (this.held > mostHeld) {
      this.deafen();
      this.clear();
      this.listen();
    } else {
      this.waiting.forEach((row) => this.add(row));
    }
    this.waiting = [];
    this.held = 0;
    this.changed();
  }

  // perSecond is how many answers came in a second of late.
  perSecond(): number {
    const since = Date.now() - 5000;
    const old = this.arrivals.findIndex((arrival) => arrival.at >= since);
    this.arrivals.splice(0, old < 0 ? this.arrivals.length : old);
    return this.arrivals.reduce((sum, arrival) => sum + arrival.count, 0) / 5;
  }

  private clear(): void {
    this.rows = [];
    this.bySeq.clear();
    this.last = 0;
    this.leftOut = 0;
    this.caughtUp = false;
  }

  private async run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      const where = this.last === 0 ? { recent: 500 } : { after: this.last, recent: 500 };
      this.fresh = false;
      try {
        for await (const batch of lines<StreamLine>("/api/v1/answers" + query({ ...this.filter, ...where }), { signal })) {
          failures = 0;
          this.error = "";
          batch.forEach((line) => this.take(line));
          this.changed();
        }
        this.error = "The host has ended the stream. Asking again.";
      } catch (problem) {
        if (aborted(problem) || signal.aborted) {
          return;
        }
        this.error = said(problem);
      }
      failures++;
      this.changed();
      await new Promise((done) => setTimeout(done, Math.min(failures, 10) * 1000));
    }
  }

  private take(line: StreamLine): void {
    switch (line.type) {
      case "answer": {
        this.last = Math.max(this.last, line.answer.seq);
        this.arrived(1);
        this.put({ key: String(line.answer.seq), answer: line.answer, runs: line.answer.runs });
        break;
      }
      case "runs": {
        const row = this.bySeq.get(line.seq) ?? this.waiting.find((held) => held.answer?.seq === line.seq);
        if (row !== undefined) {
          row.runs = line.runs;
        }
        break;
      }
      case "left_out":
        this.last = Math.max(this.last, line.to);
        this.leftOut += line.count;
        this.arrived(line.count);
        this.miss(line.count, "not shown, because too many came at once");
        break;
      case "gap":
        this.last = Math.max(this.last, line.next - 1);
        this.miss(line.next - (line.after ?? 0) - 1, "removed from the log before they could be shown");
        break;
      case "alive":
        this.last = Math.max(this.last, line.last ?? 0);
        this.caughtUp = this.fresh = true;
        break;
      case "line":
        // Filters are about answers; only that of the plugin is about this as well.
        if (Object.entries(this.filter).every(([name, value]) => value === undefined || (name === "plugin" && value === line.plugin))) {
          this.put({ key: "line" + ++this.notes, printed: { plugin: line.plugin, line: line.line } });
        }
        break;
    }
  }

  private arrived(count: number): void {
    if (!this.fresh) {
      return;
    }
    const at = Date.now();
    const last = this.arrivals.at(-1);
    if (last !== undefined && at - last.at < 100) {
      last.count += count;
    } else {
      this.arrivals.push({ at, count });
    }
    if (this.arrivals.length > 200) {
      this.arrivals.splice(0, 100);
    }
  }

  // miss notes answers that are not shown; notes that follow each other are one.
  private miss(count: number, why: string): void {
    const list = this.paused ? this.waiting : this.rows;
    const before = list.at(-1);
    if (before?.missing !== undefined) {
      before.missing += count;
      before.note = before.missing.toLocaleString("en-US") + " " + why;
      return;
    }
    this.put({ key: "note" + ++this.notes, missing: count, note: count.toLocaleString("en-US") + " " + why });
  }

  private put(row: Row): void {
    if (!this.paused) {
      this.add(row);
      return;
    }
    this.held++;
    if (this.waiting.length < mostHeld) {
      this.waiting.push(row);
    }
  }

  private add(row: Row): void {
    if (row.answer !== undefined) {
      this.bySeq.set(row.answer.seq, row);
    }
    this.rows.push(row);
    this.came++;
    if (this.rows.length > most + 500) {
      for (const old of this.rows.splice(0, 500)) {
        if (old.answer !== undefined) {
          this.bySeq.delete(old.answer.seq);
        }
      }
    }
  }

  // changed has the view drawn again, at most ten times a second.
  private changed(): void {
    if (document.hidden) {
      return; // it is drawn when it is seen again
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.tell();
    }, 100);
  }
}
