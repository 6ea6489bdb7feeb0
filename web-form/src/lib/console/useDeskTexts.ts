import { useEffect, useState } from 'react';
import { type DeskTexts, englishDeskTexts, loadDeskTexts } from '@/texts/desk';
import { useSite } from '../i18n';

/** The texts of the console in the reader's language; null until they are loaded, so that no other language is seen. */
export function useDeskTexts(): DeskTexts | null {
  const { texts } = useSite();
  const [loaded, setLoaded] = useState<{ code: string; texts: DeskTexts } | null>(null);
  const { code } = texts;
  useEffect(() => {
    let isCurrent = true;
    loadDeskTexts(code)
      .catch(() => englishDeskTexts)
      .then((next) => isCurrent && setLoaded({ code, texts: next }));
    return () => {
      isCurrent = false;
    };
  }, [code]);
  return loaded?.code === code ? loaded.texts : null;
}
