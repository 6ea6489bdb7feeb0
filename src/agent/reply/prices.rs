//! Output guard against prices: finds amounts of money in figures and words, and prices without a currency. An amount that
//! a cited passage states may be repeated.

use crate::agent::canonical::Canonical;

use super::grounds::SourceText;

mod currencies;
mod numbers;
mod tokens;

use currencies::{currency_of, is_currency_prefix};
use numbers::is_number_word;
use tokens::{PriceToken, tokens};

/// An amount of money: its number in one spelling, and its currency, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Amount {
    number: String,
    currency: Option<String>,
}

/// Words that may be between a number and its currency.
const BETWEEN: &str = "us american canadian australian hong kong swiss new zealand singapore british real of de d million millions \
    mio thousand hundred hundreds grand k m net more extra whole full flat measly mere lousy amerikanische amerikanischen kanadische \
    schweizer estadounidenses americanos canadienses americains canadiens suisses mil mille thousands";
/// Words that name a price.
const COSTS: &str = "cost costs costing price prices priced pricing charge charges charged fee fees pay pays paying paid bill bills billed \
    tariff worth kostet kosten preis preise zahlen zahlst zahlt bezahlen bezahlst gebuhr gebuhren berechnen berechnet cuesta cuestan costara precio \
    precios pagar paga pagas cobramos cobra vale valen coute coutent coutera prix tarif payer payez paie facturons costa costano prezzo pagare \
    custa custam preco kost prijs betalen kosztuje cena zaplacic";
/// Words between a price word and the number.
const FILLERS: &str = "is are be was will of only just about from at around approximately roughly currently now a the to starting nur bei ab \
    es etwa ca circa de solo solamente desde est seulement environ per month monthly year yearly sie you us du im monat jahr al mes le les un \
    jetzt ahora maintenant betragt liegt belauft asciende amounts equals comes exactly precisely to starts total below under over almost nearly merely";
/// What may follow the number of a price.
const FOLLOWERS: &str = "per a an each every monthly yearly annually weekly pro im am je al por cada mensuales anuales par and plus for or net only \
    today now if when flat extra more less und y et mensuel zuzuglich excluding including inclusive before after plus tax vat mo pm pa";
const PERS: &str =
    "per a an each every pro je im am al por cada par le la monthly yearly annually mensuel mensuales";
const UNITS: &str = "seat seats user users month months year years week member members person people head licence license agent workspace team \
    mo yr nutzer benutzer monat jahr woche platz sitz lizenz mitglied person kopf mes ano usuario puesto asiento licencia persona mois an \
    utilisateur siege poste licence personne utente mese anno mensile gebruiker maand jaar";
/// Units that are counted in offers alone.
const SALES_UNITS: &str = "seat seats licence license head sitz platz lizenz siege asiento puesto";
/// Who a price is for, and how often: together they make an offer, "29 / user / month".
const PERSONS: &str = "user users member members person people workspace team nutzer mitglied person kopf usuario persona utilisateur personne \
    utente gebruiker";
const PERIODS: &str =
    "month months year years week weeks monat jahr woche mes ano mois an mese anno maand jaar";
/// Names of what has a price.
const PLANS: &str = "plan plans starter professional enterprise pro premium basic business subscription tier tarif abo abonnement suscripcion \
    abonament abbonamento upgrade add-on addon offer angebot oferta offre";
/// How far before a number the plan may be.
const PLAN_BEFORE: usize = 8;

/// Whether a text names an amount of money that none of the cited passages names.
pub fn names_amount<'a>(text: &Canonical, cited: impl Iterator<Item = &'a SourceText<'a>>) -> bool {
    let named = amounts(text);
    if named.is_empty() {
        return false;
    }
    let known: Vec<Amount> = cited.flat_map(|document| amounts(document.text())).collect();
    let is_known = |amount: &Amount| {
        known.iter().any(|known| {
            known.number == amount.number
                && (known.currency == amount.currency
                    || amount.currency.is_none()
                    || known.currency.is_none())
        })
    };
    !named.iter().all(is_known)
}

fn amounts(text: &Canonical) -> Vec<Amount> {
    let [_, joined] = text.texts();
    let mut found = find(&tokens(&text.shown));
    found.extend(find(&tokens(joined)));
    found
}

fn find(tokens: &[PriceToken]) -> Vec<Amount> {
    let all = 0..tokens.len();
    all.filter_map(|place| {
        let number = number_at(tokens, place)?;
        let currency = currency_after(tokens, place).or_else(|| currency_before(tokens, place));
        let is_price = currency.is_some() || tokens.get(place).is_some_and(PriceToken::is_marked_price);
        (is_price || is_price_without_currency(tokens, place)).then_some(Amount { number, currency })
    })
    .collect()
}

/// The number that ends at a place, in one spelling.
fn number_at(tokens: &[PriceToken], place: usize) -> Option<String> {
    match tokens.get(place)? {
        PriceToken::Number { value, .. } => Some(value.clone()),
        PriceToken::Word(word) if is_number_word(word) => Some(word.clone()),
        PriceToken::Word(_) | PriceToken::Sign(_) | PriceToken::Comma | PriceToken::Stop => None,
    }
}

fn currency_after(tokens: &[PriceToken], place: usize) -> Option<String> {
    let mut next = place + 1;
    for _ in 0..4 {
        match tokens.get(next)? {
            PriceToken::Sign(sign) => return Some(currency_of(sign)?.to_owned()),
            PriceToken::Word(word) => match currency_of(word) {
                Some(currency) => return Some(currency.to_owned()),
                None if has(BETWEEN, word) || is_number_word(word) => next += 1,
                None => return None,
            },
            PriceToken::Number { .. } | PriceToken::Comma | PriceToken::Stop => return None,
        }
    }
    None
}

fn currency_before(tokens: &[PriceToken], place: usize) -> Option<String> {
    let before = place.checked_sub(1)?;
    match tokens.get(before)? {
        PriceToken::Sign(sign) => currency_of(sign).map(str::to_owned),
        PriceToken::Word(word) if matches!(tokens.get(place), Some(PriceToken::Number { .. })) => {
            let currency = currency_of(word).or_else(|| is_currency_prefix(word).then_some(word.as_str()));
            currency.map(str::to_owned)
        }
        PriceToken::Word(_) | PriceToken::Number { .. } | PriceToken::Comma | PriceToken::Stop => None,
    }
}

/// Two number words in a row, as in "forty-nine ninety-nine".
fn before_is_number(tokens: &[PriceToken], place: usize) -> bool {
    let is_number =
        |steps: usize| place.checked_sub(steps).and_then(|place| number_at(tokens, place)).is_some();
    is_number(1) && is_number(2)
}

fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == word)
}

/// "costs 29", "9.99 per seat", "Pro: 79 a month".
fn is_price_without_currency(tokens: &[PriceToken], place: usize) -> bool {
    let word = |place: Option<usize>| match place.and_then(|place| tokens.get(place)) {
        Some(PriceToken::Word(word)) => Some(word.as_str()),
        Some(PriceToken::Number { .. } | PriceToken::Sign(_) | PriceToken::Comma | PriceToken::Stop)
        | None => None,
    };
    let next = word(Some(place + 1));
    let second = word(Some(place + 2));
    let is_decimal = matches!(tokens.get(place), Some(PriceToken::Number { is_decimal: true, .. }));
    let unit = |list: &str| {
        next.is_some_and(|next| has(PERS, next)) && second.is_some_and(|second| has(list, second))
            || next.is_some_and(|next| has(UNITS, next) && has("mo yr", next))
    };
    let is_words = matches!(tokens.get(place), Some(PriceToken::Word(_)));
    let previous_is_number = before_is_number(tokens, place);
    let periodic = unit(UNITS) || next.is_some_and(|next| has("monthly yearly annually", next));
    let is_offer = unit(SALES_UNITS) || unit(PERSONS) && is_periodic(tokens, place + 3);
    if ((is_decimal || (is_words && previous_is_number)) && periodic) || is_offer {
        return true;
    }
    let before = |steps: usize| word(place.checked_sub(steps));
    let has_plan = (1..=PLAN_BEFORE).any(|steps| before(steps).is_some_and(|word| has(PLANS, word)));
    if periodic && has_plan {
        return true;
    }
    let fillers = (1..=4).take_while(|steps| before(*steps).is_some_and(|word| has(FILLERS, word))).count();
    let names_cost = before(fillers + 1).is_some_and(|word| has(COSTS, word))
        || (matches!(place.checked_sub(1).and_then(|place| tokens.get(place)), Some(PriceToken::Comma))
            && before(2).is_some_and(|word| has(COSTS, word)));
    let is_bare = match tokens.get(place + 1) {
        None | Some(PriceToken::Stop | PriceToken::Comma) => true,
        Some(PriceToken::Word(word)) => has(FOLLOWERS, word),
        Some(PriceToken::Number { .. } | PriceToken::Sign(_)) => false,
    };
    names_cost && is_bare
}

/// "per month" at a place.
fn is_periodic(tokens: &[PriceToken], place: usize) -> bool {
    let is_word = |place: usize, list: &str| matches!(tokens.get(place), Some(PriceToken::Word(word)) if has(list, word));
    is_word(place, PERS) && is_word(place + 1, PERIODS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::reply::grounds::Grounds;
    use crate::agent::samples::{context, handbook, passage};

    fn names(text: &str, passages: &[&str]) -> bool {
        let passages: Vec<_> = passages.iter().map(|text| passage("a.md#a", text)).collect();
        let (context, handbook) = (context(&["Why?"]), handbook());
        let grounds = Grounds::of(&context, &passages, "", &handbook);
        names_amount(&Canonical::of(text), grounds.documents().iter())
    }

    #[rustfmt::skip]
    const AMOUNTS: &[&str] = &[
            "It is $29.",
            "It is $ 29 a month",
            "29$ a seat",
            "€1.299,00",
            "only 29 USD/month",
            "USD 29",
            "twenty? no: 29 dollars.",
            "**£5**",
            "29USD",
            "EUR10",
            "29 US$",
            "US$ 29",
            "twenty-nine dollars",
            "twenty nine U.S. dollars",
            "neunundzwanzig Euro",
            "veintinueve dólares",
            "vingt-neuf euros",
            "quatre-vingt-dix-neuf euros",
            "ventinove euro",
            "＄２９",
            "２９　ＵＳＤ",
            "299 kr",
            "kr 299",
            "99 zł",
            "1990 ₽",
            "₹2,499",
            "29 руб",
            "2900円",
            "29,- im Monat",
            "9.99 per seat",
            "29 / user / month",
            "29 per user per month",
            "9,99 pro Nutzer",
            "It costs 29 per month.",
            "The price is only 29.",
            "Es kostet nur 29 im Monat.",
            "cuesta 29 al mes",
            "Le prix est de 29 par mois",
            "Professional is 79 a month",
            "The Pro plan comes to 79/month",
            "29 d o l l a r s",
            "29 dol-lars",
            "2\u{200b}9 do\u{ad}llars",
            "29 dоllаrs",
            "$<!-- -->29",
            "&#36;29",
            "%2429",
            "\\$29",
            "2️⃣9️⃣ dollars",
            "a hundred bucks",
            "25 per licence",
            "Forty-nine ninety-nine per month.",
            "Der Preis beträgt 49.",
            "Rs. 2499",
            "٢٩ دولار",
            "💲29",
        ];

    #[test]
    fn an_amount_of_money_is_found_however_it_is_written() {
        let wrong: Vec<&str> = AMOUNTS.iter().copied().filter(|text| !names(text, &[])).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn other_numbers_and_currencies_are_no_amounts() {
        let wrong: Vec<&str> = [
            "",
            "Select $HOME, then step 3.",
            "The limit is 50 seats.",
            "Invoices are in euros or dollars. 3 copies are sent.",
            "Use 12 characters or more.",
            "Open 5 projects",
            "You can add 10 guests per project and 5 reports a month.",
            "Replace it by `$1-$2`.",
            "Pay the 2 open invoices.",
            "Version 2.10 per release",
            "Prices are shown at 9:00 on the billing page. 2 people see them.",
            "The rate limit is 100 requests per minute.",
            "Select the plan, then 3 members.",
            "50 % of the tasks",
        ]
        .into_iter()
        .filter(|text| names(text, &[]))
        .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn an_amount_of_the_cited_passage_may_be_repeated() {
        let passage =
            ["A failed debit costs a fee of €3.50. The trial invoice shows $0.00 and 1,299 dollars."];
        for (text, expected) in [
            ("The bank charges 3,50 €.", false),
            ("Your invoice shows $0.", false),
            ("It is US$ 1,299.00.", false),
            ("A fee of $3.50.", true),
            ("A fee of €3.60.", true),
        ] {
            assert_eq!(names(text, &passage), expected, "{text}");
        }
    }
}
