import { type Catalogue, en } from './en';

export type { Catalogue };
export { en };

/** The languages with a catalogue. A new one is a file beside `en.ts` and a line here. */
export const languages: Record<string, { name: string; load: () => Promise<Catalogue> }> = {
  en: { name: 'English', load: async () => en },
  de: { name: 'Deutsch', load: async () => (await import('./de')).de },
};
