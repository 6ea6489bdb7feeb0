import type { Catalogue } from './en';

/** The texts of the section of webhooks, which only admins load. */
const en = {
  title: 'Webhooks',
  text: 'Other systems get events from here, signed and with ids alone.',
  none: 'No endpoint gets events yet.',
  add: 'Add an endpoint',
  url: 'Address',
  urlNote: 'Begins with https:// and is on the public internet.',
  types: 'Events',
  save: 'Add',
  secret: 'Secret',
  secretText: 'Receivers verify signatures with it. It is shown only now.',
  since: 'Fails since',
  disabled: 'Disabled: its receiver wants no more events. Remove it and add it again.',
  working: 'Works',
  failing: 'Fails',
  off: 'Disabled',
  test: 'Send a test',
  rotate: 'New secret',
  rotateText: 'The present secret is valid for another 24 hours.',
  remove: 'Remove',
  removeText: 'What was still to be sent to it is dropped.',
  events: 'Recent events',
  noEvents: 'Nothing was sent in the last seven days.',
  again: 'Send again',
  attempts: { one: '{n} try', other: '{n} tries' },
  states: { pending: 'Waits', delivered: 'Delivered', failed: 'Failed' },
};

type Widen<T> = T extends string ? string : { [K in keyof T]: Widen<T[K]> };
export type WebhookTexts = Widen<typeof en>;

const de: WebhookTexts = {
  title: 'Webhooks',
  text: 'Andere Systeme bekommen von hier Ereignisse, signiert und nur mit IDs.',
  none: 'Noch bekommt keine Adresse Ereignisse.',
  add: 'Adresse hinzufügen',
  url: 'Adresse',
  urlNote: 'Beginnt mit https:// und liegt im öffentlichen Internet.',
  types: 'Ereignisse',
  save: 'Hinzufügen',
  secret: 'Geheimnis',
  secretText: 'Damit prüfen Empfänger die Signaturen. Es wird nur jetzt gezeigt.',
  since: 'Schlägt fehl seit',
  disabled: 'Abgeschaltet: Der Empfänger möchte keine Ereignisse mehr. Entfernen Sie die Adresse und fügen Sie sie neu hinzu.',
  working: 'Funktioniert',
  failing: 'Schlägt fehl',
  off: 'Abgeschaltet',
  test: 'Test senden',
  rotate: 'Neues Geheimnis',
  rotateText: 'Das bisherige Geheimnis gilt noch 24 Stunden.',
  remove: 'Entfernen',
  removeText: 'Was noch zu senden war, entfällt.',
  events: 'Letzte Ereignisse',
  noEvents: 'In den letzten sieben Tagen wurde nichts gesendet.',
  again: 'Erneut senden',
  attempts: { one: '{n} Versuch', other: '{n} Versuche' },
  states: { pending: 'Wartet', delivered: 'Zugestellt', failed: 'Fehlgeschlagen' },
};

const catalogues: Record<string, WebhookTexts> = { en, de };

export function webhookTexts({ code }: Pick<Catalogue, 'code'>): WebhookTexts {
  return catalogues[code] ?? en;
}
