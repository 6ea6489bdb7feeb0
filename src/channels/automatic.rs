//! Detection of automatic mail (RFC 3834): answering it may start a mail loop, so it never gets a reply.

/// Whether these headers mark an automatic reply, a bounce or a mailing list. Names may be in any case.
pub fn is_automatic<'a>(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> bool {
    headers.into_iter().any(|(name, value)| tells(&name.to_ascii_lowercase(), value.trim()))
}

fn tells(name: &str, value: &str) -> bool {
    match name {
        // RFC 3834, section 5: everything but `no` is automatic; parameters may follow.
        "auto-submitted" => !value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("no"),
        "precedence" => {
            ["bulk", "junk", "list", "auto_reply"].iter().any(|word| value.eq_ignore_ascii_case(word))
        }
        // The null sender of bounces (RFC 5321, section 4.5.5).
        "return-path" => value == "<>",
        "x-auto-response-suppress" | "x-autoreply" | "x-autorespond" => true,
        "from" | "sender" => is_machine(value),
        other => other.starts_with("list-"),
    }
}

fn is_machine(address: &str) -> bool {
    let address = address.rsplit_once('<').map_or(address, |(_, address)| address);
    let local = address.split('@').next().unwrap_or_default().trim().to_ascii_lowercase();
    ["mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply", "do-not-reply"]
        .contains(&local.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn automatic_mail_is_known_by_its_headers() {
        for (name, value, expected) in [
            ("Auto-Submitted", "auto-replied", true),
            ("auto-submitted", "auto-generated; owner-email=a@b.example", true),
            ("Auto-Submitted", "no", false),
            ("Auto-Submitted", "No; why=asked", false),
            ("Precedence", "Bulk", true),
            ("Precedence", "first-class", false),
            ("List-Id", "<news.example>", true),
            ("Return-Path", "<>", true),
            ("Return-Path", "<ann@example.com>", false),
            ("X-Auto-Response-Suppress", "All", true),
            ("From", "Mail Delivery System <MAILER-DAEMON@mx.example>", true),
            ("From", "no-reply@shop.example", true),
            ("From", "Ann <ann@example.com>", false),
            ("Subject", "List-Id", false),
        ] {
            assert_eq!(is_automatic([(name, value)]), expected, "{name}: {value}");
        }
    }
}
