const paths = {
  answers: "M2.5 4h11M2.5 8h11M2.5 12h7",
  scripts: "M6 3.5 2.5 8 6 12.5M10 3.5 13.5 8 10 12.5",
  queue: "M2.5 3.5h11v3h-11zM2.5 9.5h11v3h-11z",
  report: "M3 13V8M8 13V3M13 13v-3.5",
  health: "M1.5 8.5h3l2-5 3 9 2-4h3",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M6 6h7.5v7.5H6zM10 6V2.5H2.5V10H6",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.5v9l7.5-4.5z",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.5 10.5l3 3",
  plus: "M8 3v10M3 8h10",
  file: "M4 2.5h5l3 3v8H4zM9 2.5v3h3",
  folder: "M2 4h4l1.5 1.5H14V13H2z",
  back: "M9.5 3.5 5 8l4.5 4.5",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  moon: "M13 9.5A5.5 5.5 0 1 1 6.5 3 4.5 4.5 0 0 0 13 9.5z",
  auto: "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
  keys: "M1.5 4h13v8h-13zM4 6.5h.01M6.5 6.5h.01M9 6.5h.01M11.5 6.5h.01M5 9.5h6",
  out: "M6.5 13.5h-4v-11h4M7 8h7M11 5l3 3-3 3",
  retry: "M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9",
  check: "M3 8.5 6.5 12 13 4.5",
  warn: "M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.9v.1",
  download: "M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

// Mark is the sign of Trackhook.
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="22" height="22" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M11 7v11a5.5 5.5 0 0 0 11 0v-2.5M18 18.6 22 14l4 4.6" />
      <circle cx="11" cy="7" r="2.6" />
    </svg>
  );
}
