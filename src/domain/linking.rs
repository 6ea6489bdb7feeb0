//! Linking a chat to the customer of an e-mail address: what is known of it when a turn begins, and what a turn makes of
//! it. A model has no part in it (PROTOCOL.md 8.2).

use serde::Serialize;
use time::{Duration, OffsetDateTime};

use super::contact::Email;
use super::enums::ChallengeState;
use super::ids::ChallengeId;

/// Digits of a code.
pub const CODE_DIGITS: usize = 6;
/// Codes that may be tried against one challenge.
pub const MAX_TRIES: i16 = 5;
/// How long a code is valid after it was mailed.
pub const CODE_LIFETIME: Duration = Duration::minutes(10);
/// How long a number is taken for a code after one was asked for: long enough for one that comes too late.
pub const REMEMBERED: Duration = Duration::hours(1);
/// Codes that one customer may ask for, in an hour and in a day.
pub const ASKED_AN_HOUR: i64 = 3;
pub const ASKED_A_DAY: i64 = 5;
/// Mails with a code that one address gets, in an hour and in a day, whoever asks for them.
pub const MAILED_AN_HOUR: i64 = 3;
pub const MAILED_A_DAY: i64 = 5;

/// Whether codes can be mailed at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offer {
    Mailed,
    #[default]
    Unavailable,
}

/// What a turn knows of linking; the default on channels that have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linking {
    /// Whether the channel has it.
    pub is_possible: bool,
    pub offer: Offer,
    /// The newest code that this customer asked for.
    pub challenge: Option<Challenge>,
    /// Codes that this customer asked for within the hour, and within the day.
    pub asked_an_hour: i64,
    pub asked_a_day: i64,
    /// Addresses that are proved to be this customer's.
    pub own: Vec<Email>,
    /// What a turn that has been said of it; such a turn changes nothing any more.
    pub past: Option<LinkingNotice>,
}

impl Linking {
    pub fn may_ask(&self) -> bool {
        self.asked_an_hour < ASKED_AN_HOUR && self.asked_a_day < ASKED_A_DAY
    }
}

/// A code that was asked for. The code itself is nowhere but in the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    pub id: ChallengeId,
    /// Whether it was asked for in this conversation, and is neither used up nor replaced.
    pub is_open: bool,
    /// `None` as long as no letter was sent, and for ever where nobody has the address.
    pub code: Option<CodeHash>,
    pub tries: i16,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

impl Challenge {
    /// Whether a code that was typed then may be right.
    pub fn takes(&self, typed_at: OffsetDateTime) -> bool {
        self.is_open && self.tries < MAX_TRIES && typed_at < self.expires_at
    }

    /// Whether a number that was typed then is taken for a code at all.
    pub fn is_remembered(&self, typed_at: OffsetDateTime) -> bool {
        typed_at < self.created_at + REMEMBERED
    }
}

/// A code as the records keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeHash {
    pub salt: uuid::Uuid,
    pub sha256: [u8; 32],
}

macro_rules! said {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// What a turn says of linking.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum LinkingNotice {
            $($(#[$doc])* $name),+
        }

        impl LinkingNotice {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The one spelling, as in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word),+
                }
            }

            pub fn parse_name(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

said! {
    /// A code is on its way, if anybody has that address.
    Asked = "asked",
    /// That code is not right.
    Wrong = "wrong",
    /// That code is not valid any more.
    Over = "over",
    /// Too many were wrong.
    Spent = "spent",
    /// That code is right.
    Proved = "proved",
    /// Too many codes were asked for.
    Limited = "limited",
    /// This chat can't be linked by a code.
    Unavailable = "unavailable",
}

/// What a turn does about linking; committed with its reply, or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkStep {
    pub said: LinkingNotice,
    pub change: Option<Change>,
    /// What was typed as codes, as it was typed: it is made unreadable in the records.
    pub codes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A new challenge takes the place of an open one.
    Ask { challenge: ChallengeId, email: Email },
    /// So many codes have been tried by now; the last of them may be right.
    Try { challenge: ChallengeId, tries: i16, is_right: bool },
}

impl Change {
    /// The state of the challenge after this.
    pub fn state(&self) -> ChallengeState {
        match self {
            Self::Try { is_right: true, .. } => ChallengeState::Proved,
            Self::Try { tries, .. } if *tries >= MAX_TRIES => ChallengeState::Spent,
            Self::Try { .. } | Self::Ask { .. } => ChallengeState::Open,
        }
    }
}

/// What the customer is told, in their language where we know it. It never says whether an address is known.
pub fn told(said: LinkingNotice, language: Option<&str>) -> &'static str {
    let texts = TEXTS.iter().find(|(code, _)| Some(*code) == language).or(TEXTS.first());
    let place = match said {
        LinkingNotice::Asked => 0,
        LinkingNotice::Wrong => 1,
        LinkingNotice::Over => 2,
        LinkingNotice::Spent => 3,
        LinkingNotice::Proved => 4,
        LinkingNotice::Limited => 5,
        LinkingNotice::Unavailable => 6,
    };
    texts.and_then(|(_, texts)| texts.get(place)).copied().unwrap_or_default()
}

#[rustfmt::skip]
const TEXTS: &[(&str, [&str; 7])] = &[
    ("en", [
        "If we know this e-mail address, a mail with a code of six digits is on its way to it. Please write the code here within ten minutes.",
        "That code is not right. Please look once more: it has six digits and stands in our newest mail.",
        "That code is not valid any more. Write your e-mail address once more if you want a new one.",
        "That was not right too often, so that code is not valid any more. Write your e-mail address once more if you want a new one.",
        "Thank you, that code is right: your e-mail address is confirmed.",
        "You have asked for several codes already. Please try again later, or ask for a colleague.",
        "I can't connect this chat with an e-mail address myself. If you need that, ask for a colleague.",
    ]),
    ("de", [
        "Wenn wir diese E-Mail-Adresse kennen, ist eine Mail mit einem sechsstelligen Code dorthin unterwegs. Bitte schreiben Sie den Code innerhalb von zehn Minuten hierher.",
        "Dieser Code stimmt nicht. Bitte sehen Sie noch einmal nach: Er hat sechs Ziffern und steht in unserer neuesten Mail.",
        "Dieser Code gilt nicht mehr. Schreiben Sie Ihre E-Mail-Adresse noch einmal, wenn Sie einen neuen möchten.",
        "Das stimmte zu oft nicht, darum gilt dieser Code nicht mehr. Schreiben Sie Ihre E-Mail-Adresse noch einmal, wenn Sie einen neuen möchten.",
        "Danke, der Code stimmt: Ihre E-Mail-Adresse ist bestätigt.",
        "Sie haben schon mehrere Codes angefordert. Bitte versuchen Sie es später noch einmal, oder fragen Sie nach einem Kollegen.",
        "Ich kann diesen Chat nicht selbst mit einer E-Mail-Adresse verbinden. Wenn Sie das brauchen, fragen Sie nach einem Kollegen.",
    ]),
    ("fr", [
        "Si nous connaissons cette adresse e-mail, un message avec un code à six chiffres est en route. Écrivez ce code ici dans les dix minutes.",
        "Ce code n'est pas correct. Vérifiez encore une fois : il a six chiffres et se trouve dans notre dernier e-mail.",
        "Ce code n'est plus valable. Écrivez de nouveau votre adresse e-mail pour en recevoir un autre.",
        "Trop d'essais étaient faux : ce code n'est plus valable. Écrivez de nouveau votre adresse e-mail pour en recevoir un autre.",
        "Merci, le code est correct : votre adresse e-mail est confirmée.",
        "Vous avez déjà demandé plusieurs codes. Réessayez plus tard ou demandez un collègue.",
        "Je ne peux pas relier moi-même cette conversation à une adresse e-mail. Si vous en avez besoin, demandez un collègue.",
    ]),
    ("es", [
        "Si conocemos esta dirección de correo, un mensaje con un código de seis cifras está en camino. Escriba el código aquí en los próximos diez minutos.",
        "Ese código no es correcto. Compruébelo de nuevo: tiene seis cifras y está en nuestro último correo.",
        "Ese código ya no es válido. Escriba otra vez su dirección de correo si quiere uno nuevo.",
        "Hubo demasiados intentos fallidos y ese código ya no es válido. Escriba otra vez su dirección de correo si quiere uno nuevo.",
        "Gracias, el código es correcto: su dirección de correo está confirmada.",
        "Ya ha pedido varios códigos. Inténtelo más tarde o pida hablar con un compañero.",
        "No puedo conectar este chat con una dirección de correo. Si lo necesita, pida hablar con un compañero.",
    ]),
    ("pt", [
        "Se conhecermos este endereço de e-mail, uma mensagem com um código de seis dígitos está a caminho. Escreva o código aqui nos próximos dez minutos.",
        "Esse código não está certo. Verifique de novo: tem seis dígitos e está no nosso e-mail mais recente.",
        "Esse código já não é válido. Escreva de novo o seu endereço de e-mail se quiser outro.",
        "Houve demasiadas tentativas erradas e esse código já não é válido. Escreva de novo o seu endereço de e-mail se quiser outro.",
        "Obrigado, o código está certo: o seu endereço de e-mail está confirmado.",
        "Já pediu vários códigos. Tente mais tarde ou peça para falar com um colega.",
        "Não consigo ligar este chat a um endereço de e-mail. Se precisar, peça para falar com um colega.",
    ]),
    ("it", [
        "Se conosciamo questo indirizzo e-mail, un messaggio con un codice di sei cifre è in arrivo. Scriva qui il codice entro dieci minuti.",
        "Questo codice non è corretto. Controlli di nuovo: ha sei cifre e si trova nella nostra ultima e-mail.",
        "Questo codice non è più valido. Scriva di nuovo il suo indirizzo e-mail se ne vuole un altro.",
        "Troppi tentativi sbagliati: questo codice non è più valido. Scriva di nuovo il suo indirizzo e-mail se ne vuole un altro.",
        "Grazie, il codice è corretto: il suo indirizzo e-mail è confermato.",
        "Ha già chiesto diversi codici. Riprovi più tardi o chieda di un collega.",
        "Non posso collegare questa chat a un indirizzo e-mail. Se le serve, chieda di un collega.",
    ]),
    ("nl", [
        "Als wij dit e-mailadres kennen, is er een mail met een code van zes cijfers onderweg. Schrijf de code hier binnen tien minuten.",
        "Die code klopt niet. Kijk nog eens: hij heeft zes cijfers en staat in onze nieuwste mail.",
        "Die code is niet meer geldig. Schrijf uw e-mailadres nog eens als u een nieuwe wilt.",
        "Dat klopte te vaak niet, dus die code is niet meer geldig. Schrijf uw e-mailadres nog eens als u een nieuwe wilt.",
        "Dank u, de code klopt: uw e-mailadres is bevestigd.",
        "U hebt al meerdere codes gevraagd. Probeer het later nog eens, of vraag naar een collega.",
        "Ik kan deze chat niet zelf met een e-mailadres verbinden. Als u dat nodig hebt, vraag dan naar een collega.",
    ]),
];

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(&str, LinkingNotice); 7] = [
        ("asked", LinkingNotice::Asked),
        ("wrong", LinkingNotice::Wrong),
        ("over", LinkingNotice::Over),
        ("spent", LinkingNotice::Spent),
        ("proved", LinkingNotice::Proved),
        ("limited", LinkingNotice::Limited),
        ("unavailable", LinkingNotice::Unavailable),
    ];

    #[test]
    fn every_saying_has_its_word_and_a_text_of_its_own_in_every_language() {
        for (language, _) in TEXTS {
            let mut texts: Vec<_> = ALL.iter().map(|(_, said)| told(*said, Some(language))).collect();
            texts.dedup();
            assert_eq!(texts.len(), ALL.len(), "{language}");
            assert!(texts.iter().all(|text| text.len() > 20), "{language}");
        }
        for (word, said) in ALL {
            assert_eq!(LinkingNotice::parse_name(word), Some(said));
            assert_eq!(told(said, Some("xx")), told(said, None));
        }
        assert_eq!(LinkingNotice::parse_name("else"), None);
    }
}
