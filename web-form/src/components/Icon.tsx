/** Line icons on a grid of 20, drawn for these pages. They are decoration: what they mean is said beside them. */
const paths = {
  check: 'M4.5 10.5l3.5 3.5 7.5-8',
  alert: 'M10 6.5v4.5M10 14v.01M10 2.5l8 14H2z',
  close: 'M5 5l10 10M15 5L5 15',
  down: 'M5 7.5l5 5 5-5',
  arrow: 'M4 10h12M11 5l5 5-5 5',
  back: 'M16 10H4M9 5l-5 5 5 5',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4',
  book: 'M4 4.5A1.5 1.5 0 0 1 5.5 3H16v11.5H5.5A1.5 1.5 0 0 0 4 16zM4 16a1.5 1.5 0 0 0 1.5 1.5H16M7.5 6.5h5',
  copy: 'M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3',
  print: 'M6 7V3h8v4M6 13H4V7h12v6h-2M6 11h8v6H6z',
  person: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17c0-3 2.7-4.5 6-4.5s6 1.5 6 4.5',
  star: 'M10 2.8l2.2 4.6 5 .7-3.6 3.5.9 5-4.5-2.4-4.5 2.4.9-5L2.8 8.1l5-.7z',
  sun: 'M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 1.8v1.7M10 16.5v1.7M1.8 10h1.7M16.5 10h1.7M4.2 4.2l1.2 1.2M14.6 14.6l1.2 1.2M15.8 4.2l-1.2 1.2M5.4 14.6l-1.2 1.2',
  moon: 'M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5z',
  device: 'M3 4.5h14v9H3zM7.5 16.5h5',
  globe: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM2.5 10h15M10 2.5c2.5 2 3 5 3 7.5s-.5 5.5-3 7.5c-2.5-2-3-5-3-7.5s.5-5.5 3-7.5',
  trash: 'M4 6h12M8 6V4h4v2M6 6l.5 10.5h7L14 6',
  ticket: 'M3 6h14v3a1.5 1.5 0 0 0 0 3v3H3v-3a1.5 1.5 0 0 0 0-3zM12 6v9',
  link: 'M8.5 11.5l3-3M7 9.5l-2 2a2.5 2.5 0 0 0 3.5 3.5l2-2M13 10.5l2-2A2.5 2.5 0 0 0 11.5 5l-2 2',
  spark: 'M10 3l1.6 4.4L16 9l-4.4 1.6L10 15l-1.6-4.4L4 9l4.4-1.6z',
  out: 'M8 4H4v12h4M12 6.5L15.5 10 12 13.5M15 10H8',
} as const;

export type IconName = keyof typeof paths;

interface IconProps {
  size?: number;
  filled?: boolean;
}

export function Icon({ name, ...look }: { name: IconName } & IconProps) {
  return <Glyph path={paths[name]} {...look} />;
}

/** A line on the grid of these icons. */
export function Glyph({ path, size = 18, filled = false }: { path: string } & IconProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill={filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      className="shrink-0"
    >
      <path d={path} />
    </svg>
  );
}
