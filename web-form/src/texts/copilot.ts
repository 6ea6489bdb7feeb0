/** The texts of what helps to write a reply; loaded with its dialogs. */
const en = {
  suggestTitle: 'Suggested reply',
  suggestText: 'Written by the agent from the documents, with the same guards as its own answers. Nothing is sent before you send it.',
  suggesting: 'Writing a suggestion…',
  suggestNone: 'No document answers this. Write the reply yourself; the question is listed under what was asked and not answered.',
  suggestUse: 'Edit this reply',
  suggestAgain: 'Suggest again',
  wishes: 'What the suggestion should heed',
  wishesPlaceholder: 'For example: shorter, and offer a call.',
  sources: 'Sources',

  cannedTitle: 'Canned replies',
  cannedFilter: 'Name or words of a canned reply',
  cannedNone: 'No canned reply matches.',
  cannedFirst: 'There are no canned replies yet.',
  cannedNew: 'New canned reply',
  cannedEdit: 'Edit',
  cannedDelete: 'Delete',
  cannedDeleted: 'The canned reply “{name}” was deleted.',
  cannedSaved: 'The canned reply “{name}” was saved.',
  cannedShared: 'For the whole team',
  cannedOwn: 'Yours',
  cannedMissing: 'These placeholders have no value here: {names}. Fill them in before you send.',
  name: 'Name',
  text: 'Text',
  textHelp: 'Placeholders: {{customer.name}}, {{ticket.number}}, {{ticket.subject}}, {{ticket.url}}, {{agent.name}}.',
  addTags: 'Tags to add, with spaces between them',
  shared: 'Everyone on the team can use it',
  save: 'Save',
  cancel: 'Cancel',

  wrong: 'This is wrong',
  good: 'Good answer',
  wrongWhy: 'What is wrong with it?',
  wrongPlaceholder: 'For example: the export exists on the Team plan, too.',
  report: 'Report',
  reported: 'Noted. Reports are listed with the reviews of answers.',
};

type Widen<T> = { [K in keyof T]: string };
export type CopilotTexts = Widen<typeof en>;

const de: CopilotTexts = {
  suggestTitle: 'Vorgeschlagene Antwort',
  suggestText: 'Vom Agenten aus den Dokumenten geschrieben, mit denselben Prüfungen wie seine eigenen Antworten. Gesendet wird erst, wenn Sie senden.',
  suggesting: 'Ein Vorschlag wird geschrieben…',
  suggestNone: 'Kein Dokument beantwortet das. Schreiben Sie die Antwort selbst; die Frage steht bei den nicht beantworteten.',
  suggestUse: 'Diese Antwort bearbeiten',
  suggestAgain: 'Neu vorschlagen',
  wishes: 'Was der Vorschlag beachten soll',
  wishesPlaceholder: 'Zum Beispiel: kürzer, und einen Anruf anbieten.',
  sources: 'Quellen',

  cannedTitle: 'Textbausteine',
  cannedFilter: 'Name oder Wörter eines Textbausteins',
  cannedNone: 'Kein Textbaustein passt.',
  cannedFirst: 'Es gibt noch keine Textbausteine.',
  cannedNew: 'Neuer Textbaustein',
  cannedEdit: 'Bearbeiten',
  cannedDelete: 'Löschen',
  cannedDeleted: 'Der Textbaustein „{name}“ wurde gelöscht.',
  cannedSaved: 'Der Textbaustein „{name}“ wurde gespeichert.',
  cannedShared: 'Für das ganze Team',
  cannedOwn: 'Ihrer',
  cannedMissing: 'Diese Platzhalter haben hier keinen Wert: {names}. Füllen Sie sie aus, bevor Sie senden.',
  name: 'Name',
  text: 'Text',
  textHelp: 'Platzhalter: {{customer.name}}, {{ticket.number}}, {{ticket.subject}}, {{ticket.url}}, {{agent.name}}.',
  addTags: 'Tags, die gesetzt werden, durch Leerzeichen getrennt',
  shared: 'Alle im Team können ihn benutzen',
  save: 'Speichern',
  cancel: 'Abbrechen',

  wrong: 'Das ist falsch',
  good: 'Gute Antwort',
  wrongWhy: 'Was ist daran falsch?',
  wrongPlaceholder: 'Zum Beispiel: Den Export gibt es auch im Team-Tarif.',
  report: 'Melden',
  reported: 'Vermerkt. Meldungen stehen bei den Bewertungen der Antworten.',
};

export function copilotTexts(language: string): CopilotTexts {
  return language === 'de' ? de : en;
}
