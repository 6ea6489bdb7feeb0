/** The texts of the proof of an address; they are loaded with the flow, not with the pages. */
const en = {
  title: 'All your tickets',
  lead: 'Confirm your e-mail address to see all your tickets, and to get answers that know them.',
  start: 'Confirm my address',
  lockedTitle: 'This ticket is protected',
  lockedText: 'Its customer has confirmed their e-mail address. Confirm the same address to open it.',
  unavailable: 'Addresses cannot be confirmed here at the moment. Please send us a new question.',
  email: 'E-mail address',
  send: 'Send me a code',
  sent: 'If we know {email}, an e-mail with a code of six digits is on its way. It is valid for ten minutes.',
  code: 'Code from the e-mail',
  confirm: 'Confirm',
  again: 'Use another address or a new code',
  refused: 'That code is not valid. Check it, or ask for a new one.',
  invalidEmail: 'Please enter an e-mail address such as ann@example.com.',
  invalidCode: 'The code has six digits.',
  confirmed: 'You have confirmed {email} in this browser.',
  forget: 'Forget this confirmation',
  empty: 'There are no other tickets of this address.',
  current: 'This ticket',
  more: 'Show earlier tickets',
};

export type ProofTexts = typeof en;

const de: ProofTexts = {
  title: 'Alle Ihre Anfragen',
  lead: 'Bestätigen Sie Ihre E-Mail-Adresse, um alle Ihre Anfragen zu sehen und Antworten zu erhalten, die sie berücksichtigen.',
  start: 'Adresse bestätigen',
  lockedTitle: 'Diese Anfrage ist geschützt',
  lockedText: 'Die E-Mail-Adresse dieser Anfrage wurde bestätigt. Bestätigen Sie dieselbe Adresse, um sie zu öffnen.',
  unavailable: 'Adressen können hier derzeit nicht bestätigt werden. Bitte senden Sie uns eine neue Frage.',
  email: 'E-Mail-Adresse',
  send: 'Code senden',
  sent: 'Wenn uns {email} bekannt ist, ist eine E-Mail mit einem sechsstelligen Code unterwegs. Er gilt zehn Minuten.',
  code: 'Code aus der E-Mail',
  confirm: 'Bestätigen',
  again: 'Andere Adresse oder neuer Code',
  refused: 'Dieser Code ist nicht gültig. Bitte prüfen Sie ihn, oder fordern Sie einen neuen an.',
  invalidEmail: 'Bitte geben Sie eine E-Mail-Adresse ein, zum Beispiel ann@example.com.',
  invalidCode: 'Der Code hat sechs Ziffern.',
  confirmed: 'Sie haben {email} in diesem Browser bestätigt.',
  forget: 'Bestätigung vergessen',
  empty: 'Es gibt keine anderen Anfragen dieser Adresse.',
  current: 'Diese Anfrage',
  more: 'Frühere Anfragen zeigen',
};

export function proofTexts(language: string): ProofTexts {
  return language === 'de' ? de : en;
}
