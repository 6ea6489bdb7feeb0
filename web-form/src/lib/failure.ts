import type { Catalogue } from '@/texts';
import { ApiError } from './api/client';
import { fill } from './fill';

/** What to tell a reader whose request failed. */
export function failureText(error: unknown, texts: Catalogue): string {
  const t = texts.errors;
  if (!(error instanceof ApiError)) return t.server;
  if (error.status === 0) return navigator.onLine ? t.network : t.offline;
  if (error.status === 429) return fill(t.tooMany, { seconds: error.retryAfter ?? 60 });
  if (error.status === 503 || error.status === 408) return t.busy;
  return t.server;
}
