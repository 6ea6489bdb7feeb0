import { useDesk } from '@/lib/console/desk';

/** The key of a command, as it is printed on the keyboard. Screen readers get it from `aria-keyshortcuts`. */
export function Kbd({ of }: { of: string }) {
  const { t } = useDesk();
  return (
    <kbd aria-hidden="true" className="kbd">
      {of.replace('ctrl+', `${t.ctrl} `).replace(/ ([a-z])$/, (_, letter: string) => ` ${letter.toUpperCase()}`)}
    </kbd>
  );
}
