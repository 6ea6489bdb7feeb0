//! Tests of the sanitiser with hostile markup, deep markup and embedded pictures.

use super::*;

/// Mails that run, load or send something in a careless reader.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<script src=//evil.example/a.js></script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://evil.example/pixel.gif>",
    "<img srcset='https://evil.example/a.png 2x'>",
    "<img src=data:image/svg+xml;base64,PHN2Zz4=>",
    "<img src='data:image/png;base64,AA\" onload=x'>",
    "<body onload=alert(1) background=https://evil.example/a.png>",
    "<div onclick=alert(1) OnMouseOver=alert(1)>",
    "<a href='javascript:alert(1)'>",
    "<a href='JaVa&#9;ScRiPt:alert(1)'>",
    "<a href=' data:text/html,<script>alert(1)</script>'>",
    "<a href='vbscript:x'>",
    "<a href='//evil.example/x'>",
    "<form action=https://evil.example><input name=a><button>go</button></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/a.css>",
    "<base href=https://evil.example/>",
    "<style>@import url(https://evil.example/a.css);</style>",
    "<p style='background:url(https://evil.example/a.png)'>",
    "<p style='background:u\\72l(https://evil.example/a.png)'>",
    "<p style='position:fixed;top:0'>",
    "<td background='https://evil.example/a.png'>",
    "<svg onload=alert(1)><script>alert(1)</script><a xlink:href='javascript:x'>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=https://evil.example></object><embed src=https://evil.example>",
    "<video src=https://evil.example/a.mp4 poster=https://evil.example/a.png></video>",
    "<audio src=https://evil.example/a.mp3></audio>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<title></title><img src=x onerror=alert(1)>",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "<table><template><script>alert(1)</script></template></table>",
    "<p id=a class=b name=c>",
];
/// What no tag of a sanitised document contains.
const FORBIDDEN: &[&str] = &[
    "<script",
    "<iframe",
    "<svg",
    "<math",
    "<form",
    "<input",
    "<button",
    "<meta",
    "<link",
    "<base",
    "<style",
    "<object",
    "<embed",
    "<video",
    "<audio",
    "<template",
    "src",
    "onerror",
    "onload",
    "onclick",
    "onmouseover",
    "javascript:",
    "vbscript:",
    "data:",
    "href",
    "url(",
    "url=",
    "position",
    "background",
    " id=",
    " class=",
    " name=",
];

fn mail(html: &str) -> Vec<u8> {
    format!("MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}").into_bytes()
}

/// The body of the document.
fn shown(html: &str) -> String {
    let document = document(&mail(html)).unwrap();
    document.split_once("<body>").unwrap().1.strip_suffix("</body></html>").unwrap().to_owned()
}

#[test]
fn nothing_that_runs_loads_or_sends_is_left() {
    for html in HOSTILE {
        let html = shown(&format!("before{html}after")).to_lowercase();
        for bad in FORBIDDEN {
            // What was escaped is text.
            assert!(!html.replace("&lt;", "").contains(bad) || is_text(&html, bad), "{bad} in {html}");
        }
        assert!(html.contains("before"), "{html}");
    }
}

/// Whether every occurrence is outside of tags.
fn is_text(html: &str, part: &str) -> bool {
    html.match_indices(part).all(|(at, _)| {
        let before = &html[..at];
        before.rfind('<').is_none_or(|open| before[open..].contains('>'))
    })
}

#[test]
fn what_a_mail_looks_like_is_kept() {
    let html = shown(
        "<html><head><title>of the page</title></head><body bgcolor=red><table width=600 cellpadding=0><tr>\
         <td align=center style=\"color:red\">Dear <b>Ann</b>,<br>1 &lt; 2</td></tr></table>\
         <a href=\"https://shop.example/a?b=1&amp;c=2\">shop</a></body></html>",
    );
    assert!(
        html.contains("<td align=\"center\" style=\"color:red\">Dear <b>Ann</b>,<br>1 &lt; 2</td>"),
        "{html}"
    );
    assert!(html.contains("href=\"https://shop.example/a?b=1&amp;c=2\""), "{html}");
    assert!(html.contains("tabindex=\"-1\"") && html.contains("noreferrer"), "{html}");
    assert!(!html.contains("of the page"), "the title is no text of the mail: {html}");
}

#[test]
fn tags_that_do_not_match_break_no_table() {
    let html = shown("<b><table><tr><td>1</b></div></p></td><td>2</td></tr></table></b></td>3");
    assert_eq!(html, "<b><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table></b>3");
}

const RELATED: &str = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\n\
    Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nplain\r\n--a\r\n\
    Content-Type: text/html\r\n\r\n<p>rich</p><img src=\"CID:logo@x\" alt=Logo><img src=cid:none>\r\n--a--\r\n--r\r\n\
    Content-Type: image/png\r\nContent-ID: <logo@x>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--r\r\n\
    Content-Type: image/svg+xml\r\nContent-ID: <none>\r\n\r\n<svg/>\r\n--r--\r\n";

#[test]
fn pictures_of_the_mail_are_embedded() {
    let document = document(RELATED.as_bytes()).unwrap();
    assert!(
        document.contains("<p>rich</p><img alt=\"Logo\" src=\"data:image/png;base64,iVBORw==\">")
            || document.contains("<p>rich</p><img src=\"data:image/png;base64,iVBORw==\" alt=\"Logo\">"),
        "{document}"
    );
    assert!(!document.contains("plain") && !document.contains("svg"), "{document}");
}

#[test]
fn a_picture_that_is_named_often_does_not_make_the_document_large() {
    let body = "<img src=cid:a>".repeat(5_000);
    let picture = "A".repeat(400_000);
    let raw = format!(
        "Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html\r\n\r\n{body}\r\n--r\r\n\
         Content-Type: image/png\r\nContent-ID: <a>\r\n\r\n{picture}\r\n--r--\r\n"
    );
    let document = document(raw.as_bytes()).unwrap();
    let shown = document.matches("data:image/png").count();
    assert!((2..50).contains(&shown) && document.len() < PICTURES_MAX_BYTES + 1024 * 1024, "{shown}");
}

#[test]
fn a_mail_without_html_has_no_document() {
    assert_eq!(document(b"Content-Type: text/plain\r\n\r\n<p>hello</p>"), None);
    let attached = "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nhello\r\n--m\r\n\
        Content-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<p>file</p>\r\n--m--\r\n";
    assert_eq!(document(attached.as_bytes()), None);
    assert_eq!(document(b""), None);
}

/// Each would make a parser of trees take time or memory that grows with the square of the input.
#[test]
fn any_markup_becomes_a_document_of_bounded_size() {
    let n = HTML_MAX_BYTES / 4;
    let formatting: String = (0..n / 20).map(|x| format!("<b title={x}>")).collect();
    let attributes: String = (0..n / 8).map(|x| format!(" a{x}=1")).collect();
    for html in [
        "<div>".repeat(n / 5),
        "<div><p>".repeat(n / 8),
        format!("{formatting}{}", "<p>x".repeat(n / 8)),
        format!("<div{attributes}>x"),
        "<table><tr><td>".repeat(n / 15),
        "<a>".repeat(n / 3),
        "<p><b><i><u><s><a><font><div>x</div>".repeat(n / 36),
        "</div>".repeat(n / 6),
        "<!--".repeat(n / 4),
        "<".repeat(n),
        "&".repeat(n),
        "<script>".repeat(n / 8),
    ] {
        let document = document(&mail(&html)).unwrap();
        assert!(document.len() < 16 * n, "{} of {} bytes: {}", document.len(), html.len(), &html[..30]);
    }
    assert!(shown(&format!("before<div{attributes}>x")).ends_with(CUT));
}
