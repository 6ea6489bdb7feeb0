//! Tests of the document reader, from bytes to sections.

use super::*;

/// Ids and texts of the sections.
fn sections(file: &str, bytes: &[u8]) -> Vec<(String, String)> {
    let reading = read(file, bytes).unwrap();
    reading.document.sections.into_iter().map(|section| (section.id, section.text)).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn text_above_the_first_heading_and_files_without_one_are_sections_of_the_title() {
    for (file, text, expected) in [
        ("a.md", "Intro.\n\n# Docs\n\nText.", vec![("a.md#docs-1", "Intro."), ("a.md#docs", "Text.")]),
        ("a.md", "Intro.\n\n# Docs\n\n## B\n\nText.", vec![("a.md#docs", "Intro."), ("a.md#b", "Text.")]),
        ("set-up_mail.md", "Only text.", vec![("set-up_mail.md#set-up-mail", "Only text.")]),
        ("guides/index.md", "Only text.", vec![("guides/index.md#guides", "Only text.")]),
        (
            "a.md",
            "---\ntitle: Exports\ndescription: About exports.\n---\n## CSV\n\nText.",
            vec![("a.md#exports", "About exports."), ("a.md#csv", "Text.")],
        ),
        (
            "a.md",
            "---\ntitle: Exports\ndescription: About.\n---\nMore.",
            vec![("a.md#exports", "About.\n\nMore.")],
        ),
        (
            "a.md",
            "---\ndescription: About.\n---\n# Exports\nText.",
            vec![("a.md#exports", "About.\n\nText.")],
        ),
        ("a.md", "## B {#own}\n\nText.\n\n## B\n\nMore.", vec![("a.md#own", "Text."), ("a.md#b", "More.")]),
    ] {
        assert_eq!(sections(file, text.as_bytes()), pairs(&expected), "{text:?}");
    }
}

#[test]
fn the_title_of_the_front_matter_is_the_outer_heading() {
    let reading = read("a.mdx", b"---\ntitle: Exports\n---\n## CSV\n\nText.").unwrap();
    assert_eq!(reading.document.sections[0].heading_path, ["Exports", "CSV"]);
}

#[test]
fn html_pages_are_read_without_their_navigation() {
    let html = "<!doctype html><html><head><title>Reset &amp; more | Acme</title>\
        <meta name=\"description\" content=\"All about it\"><script>x</script></head><body><nav>Home</nav><main>\
        <p>Intro.</p><h2>Steps</h2><ol><li>Open.</li><li>Save.</li></ol>\
        <table><thead><tr><th>Plan</th><th>Price</th></tr></thead><tbody><tr><td>Free</td><td>$0</td></tr></tbody>\
        </table></main><footer>Imprint</footer></body></html>";
    let expected = [
        ("a/b.HTML#reset--more", "All about it\n\nIntro."),
        ("a/b.HTML#steps", "1. Open.\n2. Save.\n\nPlan: Free | Price: $0"),
    ];
    assert_eq!(sections("a/b.HTML", html.as_bytes()), pairs(&expected));
}

#[test]
fn what_cannot_be_read_says_why() {
    for (bytes, why) in [
        (b"\x89PNG\0\0\0\x01".as_slice(), Unreadable::NotText),
        (b"", Unreadable::Empty),
        (b"\n\n# Heading\n", Unreadable::Empty),
        (b"---\ntitle: a\ndraft: true\n---\nText.", Unreadable::Draft),
    ] {
        assert_eq!(read("a.md", bytes).unwrap_err(), why);
    }
    let large = vec![b'a'; usize::try_from(MAX_BYTES).unwrap() + 1];
    assert_eq!(read("a.md", &large).unwrap_err(), Unreadable::TooLarge);
}

#[test]
fn endings_count_in_any_case() {
    for name in ["a.md", "A.MD", "b.mdx", "c.Markdown", "d.html", "e.htm"] {
        assert!(is_document(name), "{name}");
    }
    for name in ["a.txt", "md", "a.pdf", "a.md.bak"] {
        assert!(!is_document(name), "{name}");
    }
}
