import { Glyph, Icon, type IconName } from '@/components/Icon';

/** Icons of the console alone; customers' pages need not load them. */
const paths = {
  mail: 'M3 5h14v10H3zM3 6l7 5 7-5',
  chat: 'M4 4h12v9H9l-4 3.5V13H4z',
  form: 'M5 3h10v14H5zM7.5 7h5M7.5 10h5M7.5 13h3',
  note: 'M4 4h12v8l-4 4H4zM12 16v-4h4',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l3 2',
  undo: 'M7 4L3.5 7.5 7 11M3.5 7.5H12a4 4 0 0 1 0 8H8',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  info: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 9v4.5M10 6.5v.01',
  bell: 'M5 13.5V9a5 5 0 0 1 10 0v4.5l1.5 1.5h-13zM8.5 17h3',
  chart: 'M4 16V9M10 16V4M16 16v-5',
  reply: 'M8 5L3.5 9.5 8 14M3.5 9.5H12a5 5 0 0 1 5 5V16',
} as const;

export type DeskIconName = keyof typeof paths | IconName;

export function DeskIcon({ name, ...look }: { name: DeskIconName; size?: number; filled?: boolean }) {
  return name in paths ? <Glyph path={paths[name as keyof typeof paths]} {...look} /> : <Icon name={name as IconName} {...look} />;
}
