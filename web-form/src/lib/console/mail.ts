import { answered, ApiError, api } from '../api/client';
import { siteConfig } from '../site';

/** The requests of what a mail is beside its words. */

const address = (id: string, part: 'html' | 'raw') => `${siteConfig().apiBase}/staff/messages/${id}/${part}`;

/** Where the sanitised document of a mail is; null if the mail has no HTML part. */
export async function htmlAddress(id: string): Promise<string | null> {
  try {
    await answered(api().GET('/staff/messages/{id}/html', { params: { path: { id } }, parseAs: 'text' }));
    return address(id, 'html');
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

export const rawAddress = (id: string) => address(id, 'raw');

/** The headers and the source of a mail. */
export function readRaw(id: string): Promise<string> {
  return answered(api().GET('/staff/messages/{id}/raw', { params: { path: { id } }, parseAs: 'text' }));
}
