import { useEffect, useState } from 'react';
import { useSite } from '@/lib/i18n';
import { read, write } from '@/lib/storage';
import { languages } from '@/texts';
import { Icon } from './Icon';

type Theme = 'system' | 'light' | 'dark';

/** The language and the appearance of the pages on this device. */
export function Preferences() {
  const { texts, language, setLanguage } = useSite();
  const [theme, setTheme] = useState<Theme>('system');
  const t = texts.common;

  useEffect(() => setTheme(read<Theme>('theme') ?? 'system'), []);

  const choose = (value: Theme) => {
    setTheme(value);
    write('theme', value === 'system' ? null : value);
    window.dispatchEvent(new Event('fte:theme'));
  };

  const select = 'min-h-9 rounded-md border border-line bg-surface appearance-none ps-8 pe-8 text-xs font-medium text-ink-soft hover:text-ink';
  return (
    <div className="flex flex-wrap items-center gap-2">
      <label className="relative flex items-center">
        <span className="sr-only">{t.language}</span>
        <span className="pointer-events-none absolute start-2.5 text-ink-mute">
          <Icon name="globe" size={15} />
        </span>
        <select className={select} value={language} onChange={(event) => setLanguage(event.target.value)}>
          {Object.entries(languages).map(([code, { name }]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
        <span className="pointer-events-none absolute end-2.5 text-ink-mute">
          <Icon name="down" size={14} />
        </span>
      </label>
      <label className="relative flex items-center">
        <span className="sr-only">{t.theme}</span>
        <span className="pointer-events-none absolute start-2.5 text-ink-mute">
          <Icon name={theme === 'dark' ? 'moon' : theme === 'light' ? 'sun' : 'device'} size={15} />
        </span>
        <select className={select} value={theme} onChange={(event) => choose(event.target.value as Theme)}>
          <option value="system">{t.themeSystem}</option>
          <option value="light">{t.themeLight}</option>
          <option value="dark">{t.themeDark}</option>
        </select>
        <span className="pointer-events-none absolute end-2.5 text-ink-mute">
          <Icon name="down" size={14} />
        </span>
      </label>
    </div>
  );
}
