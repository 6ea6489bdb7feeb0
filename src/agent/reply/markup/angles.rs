//! Angle brackets outside of code: escapes what is a placeholder or an address, and finds what may be HTML.

use std::ops::Range;

/// Elements of HTML, SVG and MathML, past ones included; a placeholder such as `<name>` is not one of them.
const ELEMENTS: &str = "a abbr acronym applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br \
     button canvas caption center circle cite col colgroup command content datalist dd del desc details dfn dialog dir div dl dt element em \
     embed fieldset figcaption figure font footer foreignobject form frame frameset g h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe \
     image img input ins isindex kbd keygen layer legend li line link listing main map mark marquee math menu menuitem meta meter multicol \
     nav nextid nobr noembed noframes noscript object ol optgroup p param path picture plaintext portal pre progress q rb rect rp rt rtc \
     ruby s samp script search section select shadow slot small source spacer span strike strong style sub summary sup svg table tbody td \
     template text textarea tfoot th thead tr track tt u ul use video wbr xml xmp animate set mi mo mn ms mtext";
/// Maximum characters of a placeholder.
const MAX_PLACEHOLDER: usize = 60;

/// The text with placeholders as code and addresses without brackets; nothing if an element begins outside of code.
pub(super) fn escaped(text: &str, code: &[Range<usize>]) -> Option<String> {
    let mut escaped = String::with_capacity(text.len());
    let mut start = 0;
    for (place, _) in text.match_indices('<') {
        let rest = text.get(place + 1..).unwrap_or_default();
        let is_tag = rest.starts_with(|c: char| c.is_alphabetic() || "/!?".contains(c));
        if place < start || !is_tag || code.iter().any(|range| range.contains(&place)) {
            continue;
        }
        escaped.push_str(text.get(start..place).unwrap_or_default());
        start = place + 1;
        let inner = rest.split(['>', '\n', '<']).next().unwrap_or_default();
        let is_closed = rest.get(inner.len()..).is_some_and(|end| end.starts_with('>'));
        if is_closed && is_address(inner) {
            escaped.push_str(inner);
            start += inner.len() + 1;
        } else if is_closed && is_placeholder(inner) {
            escaped.extend(["`<", inner, ">`"]);
            start += inner.len() + 1;
        } else if !is_closed
            && !is_element(inner)
            && !inner.contains(['=', '"', '\''])
            && !rest.starts_with(['/', '!', '?'])
        {
            escaped.push_str("< ");
        } else {
            return None;
        }
    }
    escaped.push_str(text.get(start..).unwrap_or_default());
    Some(escaped)
}

/// Whether decoded text outside of code holds an element.
pub(super) fn has_element(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| {
        let inner = rest.split('>').next().unwrap_or_default();
        is_element(inner)
            || rest.starts_with(['!', '?'])
            || rest.strip_prefix('/').is_some_and(|name| name.starts_with(char::is_alphabetic))
            || (rest.starts_with(char::is_alphabetic) && inner.contains('='))
    })
}

fn is_element(inner: &str) -> bool {
    let name = inner
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    !name.is_empty() && ELEMENTS.split_ascii_whitespace().any(|element| element == name)
}

fn is_placeholder(inner: &str) -> bool {
    inner.chars().count() <= MAX_PLACEHOLDER
        && !is_element(inner)
        && inner.chars().all(|c| c.is_alphanumeric() || " _-.,'’".contains(c))
}

fn is_address(inner: &str) -> bool {
    let is_plain = !inner.contains(|c: char| c.is_whitespace() || "\"'`".contains(c));
    let is_web =
        inner.starts_with("https://") || inner.starts_with("http://") || inner.starts_with("mailto:");
    is_plain && (is_web || (inner.contains('@') && !inner.contains(':')))
}
