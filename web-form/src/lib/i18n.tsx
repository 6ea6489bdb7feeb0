import { createContext, useCallback, useContext, useEffect, useLayoutEffect, useMemo, useState, type ReactNode } from 'react';
import { type Catalogue, en, languages } from '@/texts';
import { builtInConfig, siteConfig, type SiteConfig } from './site';
import { read, write } from './storage';

interface Site {
  texts: Catalogue;
  language: string;
  setLanguage: (code: string) => void;
  config: SiteConfig;
  /** The company's support team, or simply "Support". */
  brand: string;
}

const Context = createContext<Site | null>(null);

/** The language of the page: the address, then the reader's choice, then the browser; English if none has a catalogue. */
function preferred(): string {
  const asked = new URLSearchParams(window.location.search).get('lang');
  const wanted = [asked, read<string>('language'), ...navigator.languages];
  for (const tag of wanted) {
    const code = tag?.toLowerCase().split('-')[0];
    if (code && code in languages) return code;
  }
  return 'en';
}

/**
 * Gives every component the texts of the reader's language and the configuration. The exported pages are in English;
 * `boot.js` hides a page in another language until its texts are here.
 */
export function SiteProvider({ children }: { children: ReactNode }) {
  const [texts, setTexts] = useState<Catalogue>(en);
  const [isChosen, setIsChosen] = useState(false);
  const [config, setConfig] = useState<SiteConfig>(builtInConfig);

  const apply = useCallback(async (code: string) => {
    const catalogue = await (languages[code] ?? languages.en!).load().catch(() => en);
    setTexts(catalogue);
    setIsChosen(true);
  }, []);

  // Once the page has these texts, and before it is painted.
  useLayoutEffect(() => {
    if (!isChosen) return;
    document.documentElement.lang = texts.code;
    document.documentElement.dir = texts.dir;
    document.documentElement.removeAttribute('data-wait');
  }, [isChosen, texts]);

  useEffect(() => {
    setConfig(siteConfig());
    void apply(preferred());
  }, [apply]);

  const setLanguage = useCallback(
    (code: string) => {
      write('language', code);
      void apply(code);
    },
    [apply],
  );

  const brand = config.company || texts.common.support;
  const value = useMemo(
    () => ({ texts, language: texts.code, setLanguage, config, brand }),
    [texts, setLanguage, config, brand],
  );
  return <Context value={value}>{children}</Context>;
}

export function useSite(): Site {
  const site = useContext(Context);
  if (!site) throw new Error('useSite outside of SiteProvider');
  return site;
}
