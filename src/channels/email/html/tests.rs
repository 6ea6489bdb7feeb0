//! Tests of what HTML says as text.

use super::*;

fn text(html: &str) -> String {
    to_text(html, 10_000)
}

#[test]
fn blocks_are_lines_and_quotes_are_marked() {
    for (html, expected) in [
        ("<p>One</p><p>Two<br>Three</p>", "One\n\nTwo\nThree"),
        ("<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
        (
            "Hello<blockquote>Old<blockquote>Older</blockquote></blockquote>New",
            "Hello\n\n> Old\n>\n> > Older\n\nNew",
        ),
        ("<ul><li>One<li>Two</ul>", "- One\n- Two"),
        ("<table><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></table>", "A B\nC"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a &lt; b &amp; c&nbsp;d", "a < b & c d"),
        ("<style>p{}</style><script>x()</script><title>t</title>Text", "Text"),
        ("<a href='https://a.example/x'>here</a>", "here <https://a.example/x>"),
        ("<a href='https://a.example/'>a.example</a>", "a.example"),
        ("<a href='mailto:a@b.example'>Ann</a>", "Ann"),
        ("one <b>two</b>three", "one twothree"),
        ("no markup", "no markup"),
        ("", ""),
    ] {
        assert_eq!(text(html), expected, "{html}");
    }
}

#[test]
fn what_cannot_be_seen_is_no_text() {
    for hidden in [
        "<div style='display: none'>x</div>",
        "<span style=\"font-size:0px\">x</span>",
        "<span style=\"font-size: 1px !important\">x</span>",
        "<p hidden>x</p>",
        "<div style='visibility:hidden'><p>x</p></div>",
        "<div style='max-height:0;overflow:hidden'>x</div>",
        "<span style='color:#FFFFFF'>x</span>",
        "<span style='position:absolute;left:-9999px'>x</span>",
        "<!-- x -->",
        "<div style='opacity:0'>x",
    ] {
        assert_eq!(text(&format!("Seen{hidden}")), "Seen", "{hidden}");
    }
    assert_eq!(text("<div style='display:none'>x</div>Seen"), "Seen");
    assert_eq!(text("<td bgcolor='#000'><span style='color:#fff'>Seen</span></td>"), "Seen");
    assert_eq!(text("<span style='font-size:1.2em'>Seen</span>"), "Seen");
    assert_eq!(text("<span style='font-size:100%'>Seen</span>"), "Seen");
}

#[test]
fn no_depth_and_no_error_of_the_markup_matters() {
    let deep = format!("{}x", "<div><blockquote>".repeat(50_000));
    assert!(text(&deep).ends_with('x'));
    for html in ["<a href", "<<<>>>", "</p></p>text", "<p", "&#xfffffff;", "<b><p>x</b>y</p>"] {
        let _ = text(html);
    }
    assert_eq!(to_text("abcdef", 3), "abc");
}
