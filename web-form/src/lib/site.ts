/** What `/config.js` says about this installation. The script runs before the page, so the values are there at once. */
export interface SiteConfig {
  /** Where the API is, without a slash at the end; empty: the same origin. */
  apiBase: string;
  company: string;
  logo: string | null;
  accent: string | null;
  /** Days after resolving during which a message reopens a ticket. */
  reopenDays: number;
}

const builtIn: SiteConfig = {
  apiBase: process.env.NEXT_PUBLIC_API_BASE ?? '',
  company: '',
  logo: null,
  accent: null,
  reopenDays: 7,
};

declare global {
  interface Window {
    __FTE__?: Partial<SiteConfig>;
  }
}

let merged: SiteConfig | undefined;

export function siteConfig(): SiteConfig {
  if (typeof window === 'undefined') return builtIn;
  if (!merged) {
    const given = Object.entries(window.__FTE__ ?? {}).filter(([, value]) => value !== null && value !== '');
    merged = { ...builtIn, ...Object.fromEntries(given) };
    merged.apiBase = merged.apiBase.replace(/\/+$/, '');
  }
  return merged;
}

export const builtInConfig = builtIn;
