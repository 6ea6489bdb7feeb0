//! The table of texts: what must be gone, and what must stay.

use super::*;

fn redacted(text: &str) -> String {
    let names = ["Ann O'Neill-Weber", "Will van der Berg", "王小明", "José Peña"].map(str::to_owned);
    redact(text, &names)
}

#[test]
fn personal_data_is_replaced() {
    for (text, expected) in [
        // Names, whatever their case and form.
        ("Ann Weber asked for it.", "[name] asked for it."),
        ("I told ann's colleague and JOSE PENA.", "I told [name] colleague and [name]."),
        ("Will, will you call?", "[name], will you call?"),
        ("Ask O'Neill (Berg).", "Ask [name] ([name])."),
        ("我们已经告诉王小明了", "我们已经告诉[name]了"),
        ("Write to @ann_k there.", "Write to [name] there."),
        // Addresses of mail.
        ("Mail ann.weber+x@mail.example.com, please.", "Mail [email], please."),
        ("<mailto:ann@example.com>", "<[email]>"),
        ("From \"Ann\" <ann@example.com>:", "From \"[name]\" <[email]>:"),
        // Phones.
        ("Call +49 30 1234567 today.", "Call [phone] today."),
        ("Call (555) 010-4477.", "Call ([phone]."),
        ("Call 0301234567 or 555-010-4477", "Call [phone] or [number]"),
        // Numbers of things.
        ("Your ticket T-1042 is done.", "Your ticket [number] is done."),
        ("Order 4711, case #12", "Order [number], case [number]"),
        ("Invoice INV2024001 of 2026", "Invoice [number] of 2026"),
        ("IBAN DE89 3704 0044 0532 0130 00.", "IBAN [number]."),
        ("Card 4111-1111-1111-1111", "Card [number]"),
        ("From 192.168.100.25 it fails", "From [number] it fails"),
        ("Key sk_live_51HxYzAbCdEfGhIjKl", "Key [number]"),
        // Postal addresses.
        ("We sent it to 221B Baker Street, London.", "We sent it to [address], London."),
        ("It lies at Hauptstraße 12a in Ulm", "It lies at [address] in Ulm"),
        ("Berliner Str. 4", "[address]"),
        ("Go to 12 rue Victor Hugo now", "Go to [address] now"),
        ("Calle Mayor 5, Madrid", "[address], Madrid"),
        ("P.O. Box 99 or SW1A 1AA", "[address] or [address]"),
        // Links.
        ("See https://app.example.com/reset?token=abc.", "See https://app.example.com/reset."),
        ("https://x.example/t/8f14e45f-ceea-467f-9ba2-1b2c3d4e5f60/a", "https://x.example/t"),
        ("[here](https://u:p@example.com/help/export#a)", "[here](https://example.com/help/export)"),
        ("app.example.com/u/ann?x=1", "app.example.com/u"),
    ] {
        assert_eq!(redacted(text), expected, "{text}");
    }
}

#[test]
fn what_documents_say_stays() {
    for text in [
        "Open Settings > Export, choose CSV and press Save.",
        "You can export up to 10,000 rows, or 1.000.000 with Pro.",
        "It takes 5 to 10 minutes; the limit is 250 MB a day.",
        "Version v2.14.100 and 3.5 support it. We are open 24/7.",
        "1. Open the page.\n   2. Turn on two-factor sign-in (2FA).",
        "See https://docs.example.com/guides/export for more.",
        "Will it work? Yes: the price may mark a change.",
        "Press Ctrl+Shift+P.",
    ] {
        let nobody: [String; 0] = [];
        assert_eq!(redact(text, &nobody), text);
    }
}

#[test]
fn a_long_text_is_cut_and_a_hostile_one_is_read_once() {
    let hostile = "1 ".repeat(50_000) + &"a@".repeat(10_000) + &"http://".repeat(5_000);
    assert!(redact(&hostile, &["Ann".to_owned()]).chars().count() <= READ_MAX_CHARS);
}
