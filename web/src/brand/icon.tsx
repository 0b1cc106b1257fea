/** Line icons on a grid of 16, drawn for this page. */
const kPaths = {
  catalog: "M2.5 4.2c0-1 2.5-1.7 5.5-1.7s5.5.7 5.5 1.7v7.6c0 1-2.5 1.7-5.5 1.7s-5.5-.7-5.5-1.7zM2.5 4.2c0 1 2.5 1.7 5.5 1.7s5.5-.7 5.5-1.7M2.5 8c0 1 2.5 1.7 5.5 1.7s5.5-.7 5.5-1.7",
  schema: "M2.5 4.5h4l1.2 1.5h5.8v6.5h-11z",
  table: "M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.6h11M6.5 6.3V13",
  view: "M2.5 3h11v10h-11zM2.5 6.3h11M5 10.2c1.7-2.2 4.3-2.2 6 0-1.7 1.9-4.3 1.9-6 0z",
  volume: "M3 5.5 8 3l5 2.5v5L8 13l-5-2.5zM3 5.5 8 8l5-2.5M8 8v5",
  chevron: "m6 4 4 4-4 4",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2",
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.6h-2.6",
  insert: "M13 4v3.5a2 2 0 0 1-2 2H3.5M6.5 6.5l-3 3 3 3",
  play: "M4.5 3v10l8-5z",
  stop: "M4 4h8v8H4z",
  download: "M8 2.5v7.2M5 7l3 3 3-3M3 13h10",
  copy: "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
  history: "M3.2 6A5.2 5.2 0 1 1 2.8 8M2.5 3v3h3M8 5v3.2l2.2 1.4",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1",
  moon: "M13 9.4A5.4 5.4 0 0 1 6.6 3a5.4 5.4 0 1 0 6.4 6.4z",
  system: "M2.5 3.5h11v7h-11zM6 13h4M8 10.5V13",
  keyboard: "M1.8 4h12.4v8H1.8zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 9.6h6",
  leave: "M6.5 2.5h-3v11h3M7 8h6.5M11 5.5 13.5 8 11 10.5",
  close: "m4 4 8 8M12 4l-8 8",
  check: "m3 8.5 3.2 3L13 4.5",
  warning: "M8 2.6 14.2 13H1.8zM8 6.4v3.2M8 11.4v.01",
  editor: "m3 5 3 3-3 3M8 11.5h5",
} as const;

export type IconName = keyof typeof kPaths;

export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  return (
    <svg className={`icon ${className}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={kPaths[name]} />
    </svg>
  );
}
