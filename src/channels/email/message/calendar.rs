//! Calendar invitations (RFC 5545, 5546), as far as a person wants to know of them: what, when, where, from whom.

use super::super::mime::Entity;

/// Longest value that is shown.
const MAX_CHARS: usize = 2_000;
const MAX_LINES: usize = 2_000;

/// What a calendar part says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// `REQUEST`, `REPLY`, `CANCEL` …
    pub method: String,
    summary: String,
    start: String,
    end: String,
    location: String,
    description: String,
}

/// The first calendar part.
pub fn first(entity: &Entity<'_>) -> Option<Invitation> {
    if entity.fields.is_type("text", "calendar") {
        return Some(read(&entity.text()));
    }
    entity.children.iter().find_map(first)
}

fn read(text: &str) -> Invitation {
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let mut found = Invitation::default();
    let mut is_event = false;
    for line in unfolded.lines().take(MAX_LINES) {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let name = name.split(';').next().unwrap_or_default().to_ascii_uppercase();
        let value = unescape(value);
        match name.as_str() {
            "BEGIN" => is_event = value.eq_ignore_ascii_case("vevent"),
            "METHOD" => found.method = value.to_ascii_uppercase(),
            "SUMMARY" if is_event => found.summary = value,
            "DTSTART" if is_event => found.start = moment(&value),
            "DTEND" if is_event => found.end = moment(&value),
            "LOCATION" if is_event => found.location = value,
            "DESCRIPTION" if is_event => found.description = value,
            _ => {}
        }
    }
    found
}

fn unescape(value: &str) -> String {
    let value = value.replace("\\n", "\n").replace("\\N", "\n").replace("\\,", ",").replace("\\;", ";");
    value.trim().chars().take(MAX_CHARS).collect()
}

/// `20300503T140000Z` as `2030-05-03 14:00 UTC`.
fn moment(value: &str) -> String {
    let part = |from: usize, to: usize| value.get(from..to).unwrap_or_default();
    if value.len() < 8 || !value.bytes().take(8).all(|byte| byte.is_ascii_digit()) {
        return value.to_owned();
    }
    let day = format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8));
    if value.len() < 13 {
        return day;
    }
    let zone = if value.ends_with('Z') { " UTC" } else { "" };
    format!("{day} {}:{}{zone}", part(9, 11), part(11, 13))
}

impl Invitation {
    pub fn text(&self) -> String {
        let when =
            if self.end.is_empty() { self.start.clone() } else { format!("{} – {}", self.start, self.end) };
        let rows =
            [("", &self.summary), ("When: ", &when), ("Where: ", &self.location), ("\n", &self.description)];
        let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
        rows.map(|(name, value)| format!("{name}{value}")).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_says_what_when_and_where() {
        let text = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nDTSTART:16010101T020000\r\nEND:VTIMEZONE\r\n\
                    BEGIN:VEVENT\r\nSUMMARY;LANGUAGE=en:Call\\, about\r\n  export\r\nDTSTART;TZID=Europe/Berlin:20300503T140000\r\n\
                    DTEND:20300503T150000Z\r\nLOCATION:Room 1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let found = read(text);
        assert_eq!(found.method, "REQUEST");
        assert_eq!(
            found.text(),
            "Call, about export\nWhen: 2030-05-03 14:00 – 2030-05-03 15:00 UTC\nWhere: Room 1"
        );
    }
}
