// A long list of rows of one height, of which only those that are seen are in the page.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
  count: number;
  height: number;
  label: string;
  head: ComponentChildren;
  row: (index: number) => ComponentChildren;
  // The row that must be seen.
  at: number;
  // Rows come before the first: what is looked at stays where it is. How many have come in all.
  before?: number;
  class: string;
}

export function Rows({ count, height, label, head, row, at, before = 0, class: name }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [tall, setTall] = useState(600);
  const seen = useRef(before);
  useLayoutEffect(() => {
    const room = box.current!;
    const measure = () => setTall(room.clientHeight);
    const watcher = new ResizeObserver(measure);
    watcher.observe(room);
    measure();
    return () => watcher.disconnect();
  }, []);
  useLayoutEffect(() => {
    const room = box.current!;
    const came = before - seen.current;
    seen.current = before;
    if (came > 0 && room.scrollTop > height) {
      room.scrollTop += came * height;
    }
  }, [before, height]);
  useEffect(() => {
    const room = box.current!;
    if (at < 0) {
      return;
    }
    const headTall = room.querySelector<HTMLElement>(".head")?.offsetHeight ?? 0;
    const from = at * height;
    if (from < room.scrollTop) {
      room.scrollTop = from;
    } else if (from + height > room.scrollTop + room.clientHeight - headTall) {
      room.scrollTop = from + height - room.clientHeight + headTall;
    }
  }, [at]);
  const first = Math.max(0, Math.floor(top / height) - 8);
  const last = Math.min(count, Math.ceil((top + tall) / height) + 8);
  const rows: ComponentChildren[] = [];
  for (let i = first; i < last; i++) {
    rows.push(row(i));
  }
  return (
    <div class={"rows " + name} ref={box} tabIndex={0} role="table" aria-label={label} aria-rowcount={count + 1} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      {head}
      <div class="rows-room" role="rowgroup" style={{ height: count * height + "px" }}>
        <div class="rows-seen" role="presentation" style={{ transform: `translateY(${first * height}px)` }}>{rows}</div>
      </div>
    </div>
  );
}
