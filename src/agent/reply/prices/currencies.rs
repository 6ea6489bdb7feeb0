//! Names, codes and signs of currencies (ISO 4217), each with one name for all its spellings.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::agent::canonical::{Canonical, is_currency_sign};

/// One name, then its spellings. Codes that are common words or versions (ALL, TOP, PHP) are left out.
const CURRENCIES: &[&str] = &[
    "$ 💲 💵 usd us$ dollar dollars dollares dolares dollari dolar dolarow dolary buck bucks usdollars cad aud nzd sgd hkd доллар долларов доллара долл دولار ドル 달러",
    "€ 💶 eur euro euros euroes ευρω евро євро يورو ユーロ 유로",
    "£ 💷 gbp pound pounds quid sterling pfund libras sterline funtow",
    "¥ 💴 jpy cny rmb yen yuan renminbi 円 元 块",
    "₹ inr rupee rupees rupien rupias roupies रुपये रुपय",
    "₽ rub rubel rubles ruble rouble roubles rublos rubli руб рублей рубля рубль",
    "kr sek nok dkk krona kronor krone kroner kronen coronas couronnes",
    "zl pln zloty zlotys zlotych zlote zł złotych",
    "chf sfr franken francs franc francos franchi",
    "cent cents ¢ centimos centimes centesimi pence penny pennies centavos rappen eurocent",
    "czk kc koruna koruny korun",
    "huf forint forints forinty",
    "₺ lira liras lire",
    "brl reais",
    "mxn peso pesos ars clp",
    "zar rand rands",
    "₩ krw 원",
    "thb baht",
    "₫ vnd dong",
    "₴ uah грн гривень",
    "₪ ils shekel shekels",
    "aed dirham dirhams",
    "sar riyal riyals ريال ﷼",
    "idr rupiah",
    "myr ringgit",
    "₦ ngn naira",
    "₱",
    "ron lei",
    "bgn leva",
    "₸ kzt тенге",
    "₿ btc bitcoin bitcoins satoshi satoshis",
    "eth ether usdt usdc ethereum crypto",
];
/// Abbreviations that come before the number alone.
const PREFIXES: &[&str] = &["rs", "fr", "us"];
/// Signs that Unicode does not count as currency signs.
const EMOJI: &str = "💲💵💶💷💴";

static NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for line in CURRENCIES {
        let name = line.split_whitespace().next().unwrap_or_default();
        for spelling in line.split_whitespace() {
            names.insert(Canonical::of(spelling).folded, name);
            names.insert(spelling.to_owned(), name);
        }
    }
    names
});

pub(super) fn is_sign(c: char) -> bool {
    is_currency_sign(c) || EMOJI.contains(c)
}

/// The one name of a currency.
pub(super) fn currency_of(word: &str) -> Option<&str> {
    let known = NAMES.get(word).copied();
    // Scripts without blanks: 2900円です.
    let begins = || {
        let first: String = word.chars().take(1).filter(|c| !c.is_ascii()).collect();
        NAMES.get(first.as_str()).copied()
    };
    known.or_else(begins).or_else(|| word.chars().all(is_sign).then_some(word))
}

pub(super) fn is_currency_prefix(word: &str) -> bool {
    PREFIXES.contains(&word)
}
