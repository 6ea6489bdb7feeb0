import type { Catalogue } from './en';

/** The texts of the page with the numbers. */
const en = {
  title: 'Numbers',
  text: 'All conversations that began in these days (UTC). Every number opens its conversations.',
  from: 'From',
  to: 'To',
  show: 'Show',
  days: '{n} days',
  csv: 'Download CSV',
  none: '–',
  emptyTitle: 'No conversation began in these days',
  emptyText: 'As soon as a customer writes, its numbers appear here.',
  figures: {
    conversations: 'Conversations',
    'resolution.autonomous': 'Without people',
    'resolution.assisted': 'With people’s help',
    'resolution.handed_off': 'Handed to people',
    'resolution.taken_over': 'Taken over',
    'resolution.durable': 'Resolved for 7 days',
    'resolution.reopened': 'Reopened',
    'answer_ms.p50': 'First answer, median',
    'answer_ms.p95': 'First answer, 95th percentile',
    csat: 'Rating (1 to 5)',
    sentiment: 'Sentiment (0 to 1)',
    cost_micros: 'Cost of the model',
    without_source: 'Without a source',
  },
  ratings: { one: '{n} rating', other: '{n} ratings' },
  byDay: 'By day',
  day: 'Day',
  dayTable: 'As a table',
  withPeople: 'With people',
  byChannel: 'By channel',
  channel: 'Channel',
  channels: { email: 'E-mail', whatsapp: 'WhatsApp', web_form: 'Web form' },
  byReason: 'Why people were needed',
  reasons: {
    pricing: 'Pricing',
    refund: 'Refund',
    legal: 'Legal',
    human_request: 'Asked for a person',
    abuse: 'Abuse',
    sentiment: 'Upset',
    no_answer: 'No answer found',
    security: 'Security',
    budget: 'Budget spent',
    failure: 'Failure',
  },
  list: '{figure}: {n}',
  close: 'Close the list',
  more: 'Show more',
};

type Widen<T> = T extends string ? string : { [K in keyof T]: Widen<T[K]> };
export type NumberTexts = Widen<typeof en>;
export type FigureName = keyof typeof en.figures;
export type ReasonName = keyof typeof en.reasons;

const de: NumberTexts = {
  title: 'Zahlen',
  text: 'Alle Gespräche, die an diesen Tagen (UTC) begonnen haben. Jede Zahl öffnet ihre Gespräche.',
  from: 'Von',
  to: 'Bis',
  show: 'Anzeigen',
  days: '{n} Tage',
  csv: 'CSV herunterladen',
  none: '–',
  emptyTitle: 'An diesen Tagen hat kein Gespräch begonnen',
  emptyText: 'Sobald ein Kunde schreibt, erscheinen hier die Zahlen dazu.',
  figures: {
    conversations: 'Gespräche',
    'resolution.autonomous': 'Ohne Menschen',
    'resolution.assisted': 'Mit Hilfe von Menschen',
    'resolution.handed_off': 'An Menschen übergeben',
    'resolution.taken_over': 'Übernommen',
    'resolution.durable': '7 Tage lang gelöst',
    'resolution.reopened': 'Wieder geöffnet',
    'answer_ms.p50': 'Erste Antwort, Median',
    'answer_ms.p95': 'Erste Antwort, 95. Perzentil',
    csat: 'Bewertung (1 bis 5)',
    sentiment: 'Stimmung (0 bis 1)',
    cost_micros: 'Kosten des Modells',
    without_source: 'Ohne Quelle',
  },
  ratings: { one: '{n} Bewertung', other: '{n} Bewertungen' },
  byDay: 'Nach Tagen',
  day: 'Tag',
  dayTable: 'Als Tabelle',
  withPeople: 'Mit Menschen',
  byChannel: 'Nach Kanälen',
  channel: 'Kanal',
  channels: { email: 'E-Mail', whatsapp: 'WhatsApp', web_form: 'Webformular' },
  byReason: 'Warum Menschen gebraucht wurden',
  reasons: {
    pricing: 'Preise',
    refund: 'Erstattung',
    legal: 'Rechtliches',
    human_request: 'Wollte einen Menschen',
    abuse: 'Beleidigung',
    sentiment: 'Verärgert',
    no_answer: 'Keine Antwort gefunden',
    security: 'Sicherheit',
    budget: 'Budget verbraucht',
    failure: 'Störung',
  },
  list: '{figure}: {n}',
  close: 'Liste schließen',
  more: 'Mehr zeigen',
};

const catalogues: Record<string, NumberTexts> = { en, de };

export function numberTexts({ code }: Pick<Catalogue, 'code'>): NumberTexts {
  return catalogues[code] ?? en;
}
