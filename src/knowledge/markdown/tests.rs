//! Tests of the Markdown parser.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

/// The text of the only section of a document with one heading.
fn text(markdown: &str) -> String {
    let found = sections("a.md", &format!("# A\n\n{markdown}"));
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().map(|section| section.text).collect()
}

#[test]
fn a_section_is_the_text_below_a_heading_up_to_the_next_one() {
    let document = "before\n# Docs\n## Account\n### Reset *it*\nOne.\n\n### Empty\n## Billing\nTwo.\n### Reset it\nThree.";
    let found = sections("docs.md", document);
    let section = |id: &str, title: &str, path: &[&str], text: &str, position| Section {
        id: id.to_owned(),
        title: title.to_owned(),
        heading_path: path.iter().map(|title| (*title).to_owned()).collect(),
        text: text.to_owned(),
        html: format!("<p>{text}</p>"),
        chunks: vec![
            title.to_owned(),
            format!("{}\n{text}", path[path.len().saturating_sub(2)..].join(": ")),
        ],
        position,
    };
    assert_eq!(
        found,
        [
            section("docs.md#docs", "Docs", &["Docs"], "before", 0),
            section("docs.md#reset-it", "Reset it", &["Docs", "Account", "Reset it"], "One.", 1),
            section("docs.md#billing", "Billing", &["Docs", "Billing"], "Two.", 2),
            section("docs.md#reset-it-1", "Reset it", &["Docs", "Billing", "Reset it"], "Three.", 3),
        ]
    );
}

#[test]
fn text_becomes_plain_and_keeps_its_steps() {
    let cases = [
        ("Select **Save** or `x`,\nthen *go*.", "Select Save or x, then go."),
        ("Do:\n\n1. Open.\n2. Save.\n\nDone.", "Do:\n\n1. Open.\n2. Save.\n\nDone."),
        ("3. Three\n4. Four", "3. Three\n4. Four"),
        ("- a\n- b", "- a\n- b"),
        ("1. One:\n   - x\n   - y\n2. Two", "1. One:\n   - x\n   - y\n2. Two"),
        ("1. One\n\n   more\n\n2. Two", "1. One\n   more\n2. Two"),
        ("Run:\n\n```sh\na b\n\n  c\n```\n\nEnd.", "Run:\n\n```sh\na b\n\n  c\n```\n\nEnd."),
        ("1. Run:\n   ```\n   a\n   b\n   ```\n2. Stop", "1. Run:\n   ```\n   a\n   b\n   ```\n2. Stop"),
        ("[Help](https://h.example/x) <https://h.example>", "Help (https://h.example/x) https://h.example"),
        ("[Reset](#reset) [x](javascript:y)", "Reset x"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| | 3 |", "a: 1 | b: 2\nb: 3"),
        ("x\n\n| a | b |\n|---|---|", "x\n\na | b"),
        ("> Note\n\nx<br>y <!-- z -->\n\n<div>\nw\n</div>", "Note\n\nxy"),
        ("a  \nb\n\n---\n\nc", "a\nb\n\nc"),
        ("![logo](x.png) ~~old~~", "logo old"),
        ("a\\*b &amp; c", "a*b & c"),
        ("- [ ] a\n- [x] b", "- a\n- b"),
        ("a[^1]\n\n[^1]: b", "a\n\nb"),
        ("[a][config.dir], [b][] and x[0][1]", "a, [b][] and x[0][1]"),
        ("````md\n```js\nx\n```\n````", "```md\n~~~js\nx\n~~~\n```"),
        ("```js title=\"x.js\" {1}\na\n```", "```js\na\n```"),
    ];
    for (markdown, expected) in cases {
        assert_eq!(text(markdown), expected, "{markdown:?}");
    }
}

proptest! {
    #[test]
    fn any_document_gives_sections_with_text_and_ids_of_their_own(
        document in "([#>*`|\\-\\[\\]()<! \n\t0-9a-zÄ\\.~\\\\:]|\n#{1,6} [ab1 \\-]{0,4}\n|\n1\\. |\n- |```\n|\\|a\\|\n|\u{0}){0,80}"
    ) {
        let found = sections("a.md", &document);
        let ids: HashSet<&str> = found.iter().map(|section| section.id.as_str()).collect();
        prop_assert_eq!(ids.len(), found.len());
        for (place, section) in found.iter().enumerate() {
            prop_assert!(!section.text.trim().is_empty());
            prop_assert!(!section.text.contains('\0') && !section.id.contains('\0'));
            prop_assert_eq!(section.position, i32::try_from(place).unwrap());
        }
    }
}
