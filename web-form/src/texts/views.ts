/** The texts of saved views; loaded with their dialog. */
const en = {
  filter: 'Name of a view',
  none: 'No view has this name.',
  first: 'There are no saved views yet. Choose a queue and filters, then save them under a name.',
  team: 'Team',
  own: 'Yours',
  save: 'Save as a view',
  change: 'Change',
  remove: 'Remove “{name}”',
  removed: 'The view “{name}” was removed.',
  saved: 'The view “{name}” was saved.',
  name: 'Name',
  queue: 'Queue',
  any: 'Any',
  assignee: 'Assigned to',
  meWhoLooks: 'Whoever looks',
  me: 'you',
  noOne: 'no one',
  tag: 'Tag',
  onlyLate: 'Overdue only',
  shared: 'For the whole team',
  cancel: 'Cancel',
  keep: 'Save',
  nameTaken: 'There is a view with this name. Choose another name, or change that view.',
  tooMany: 'You have 50 views, which is the limit. Remove one first.',
  moreFilters: 'More filters of this view',
  removeFilter: 'Remove the filter {filter}',
  assignedTo: 'Assigned to {name}',
  hands: { active: 'With the bot', escalated: 'With staff', closed: 'Closed' },
};

type Widen<T> = T extends string ? string : { [K in keyof T]: Widen<T[K]> };
export type ViewTexts = Widen<typeof en>;

const de: ViewTexts = {
  filter: 'Name einer Ansicht',
  none: 'Keine Ansicht heißt so.',
  first: 'Es gibt noch keine gespeicherten Ansichten. Wählen Sie eine Warteschlange und Filter, und speichern Sie diese unter einem Namen.',
  team: 'Team',
  own: 'Eigene',
  save: 'Als Ansicht speichern',
  change: 'Ändern',
  remove: '„{name}“ entfernen',
  removed: 'Die Ansicht „{name}“ wurde entfernt.',
  saved: 'Die Ansicht „{name}“ wurde gespeichert.',
  name: 'Name',
  queue: 'Warteschlange',
  any: 'Alle',
  assignee: 'Zugewiesen an',
  meWhoLooks: 'Wer sie ansieht',
  me: 'Sie',
  noOne: 'niemand',
  tag: 'Schlagwort',
  onlyLate: 'Nur überfällige',
  shared: 'Für das ganze Team',
  cancel: 'Abbrechen',
  keep: 'Speichern',
  nameTaken: 'Es gibt eine Ansicht mit diesem Namen. Wählen Sie einen anderen, oder ändern Sie jene Ansicht.',
  tooMany: 'Sie haben 50 Ansichten, mehr sind nicht möglich. Entfernen Sie zuerst eine.',
  moreFilters: 'Weitere Filter dieser Ansicht',
  removeFilter: 'Filter {filter} entfernen',
  assignedTo: 'Zugewiesen an {name}',
  hands: { active: 'Beim Bot', escalated: 'Beim Team', closed: 'Geschlossen' },
};

const catalogues: Record<string, ViewTexts> = { en, de };

export function viewTexts(language: string): ViewTexts {
  return catalogues[language] ?? en;
}
