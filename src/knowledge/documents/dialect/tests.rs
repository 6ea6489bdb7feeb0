//! Tests of the Markdown normaliser: what each documentation tool adds, and that code is left alone.

use proptest::prelude::*;

use super::plain_markdown;

/// The lines with text, without what Markdown itself would drop.
fn lines(text: &str, is_mdx: bool) -> Vec<String> {
    plain_markdown(text, is_mdx)
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

/// What a tool writes, and the lines that are left.
const CASES: &[(&str, &[&str])] = &[
    // Docusaurus.
    (":::note\nA.\n:::", &["A."]),
    (":::tip[Be quick]\nA.\n:::", &["Be quick", "A."]),
    ("::::info Title here\n:::danger\nA.\n:::\n::::", &["Title here", "A."]),
    (
        "<Tabs>\n<TabItem value=\"a\" label=\"macOS\">\n\nRun it.\n\n</TabItem>\n</Tabs>",
        &["macOS", "Run it."],
    ),
    ("<details>\n<summary>How *long*?</summary>\nTight.\n</details>", &["How *long*?", "Tight."]),
    ("import A from './a';\n\nexport const b = [\n  1,\n];\n\nA.", &["A."]),
    ("import {\n  A,\n} from 'x'\nA.", &["A."]),
    ("import your data from the old tool", &["import your data from the old tool"]),
    ("export all boards", &["export all boards"]),
    // VitePress.
    ("::: details Click me\nA.\n:::\n[[toc]]\n<<< @/x.js", &["Click me", "A."]),
    ("# Title <Badge type=\"tip\" text=\"beta\" />", &["# Title "]),
    ("<script setup>\nimport x from 'y'\n\nconst a = 1\n</script>\nA {{ $frontmatter.title }}.", &["A ."]),
    ("> [!WARNING]\n> A.", &["> ", "> A."]),
    ("> [!note]- Folded\n> A.", &["> Folded", "> A."]),
    // MkDocs.
    ("!!! note \"Look\"\n    A.\n\n    B.\n\nC.", &["Look", "A.", "B.", "C."]),
    ("!!! note\n    A.\n    === \"Mac\"\n        B.\n", &["A.", "Mac", "B."]),
    ("??? tip \"Open\"\n    ```\n    x\n    ```\nC.", &["Open", "```", "x", "```", "C."]),
    ("Term\n:   Definition.\n\n    More.", &["Term", "Definition.", "More."]),
    ("--8<-- \"a.md\"\nA :material-check: B{ .x }\n{: .wide }\n*[HTML]: text", &["A  B"]),
    (
        "Press ++ctrl+s++ for ==all== {++new++}{--old--}text :tada:\n{==\nA.\n==}",
        &["Press ctrl+s for all newtext ", "A."],
    ),
    ("![A](a.png){ align=right width=\"300\" } B{ data-preview }\n# C {#c}", &["![A](a.png) B", "# C {#c}"]),
    (
        "```yaml\nboost: 2 # (1)!\n```\n\nA\n====\nx ==y or z==w",
        &["```yaml", "boost: 2", "```", "A", "====", "x ==y or z==w"],
    ),
    ("## <!-- md:setting config.dir -->\nA.\n### <!-- todo -->", &["## config.dir", "A.", "### "]),
    // GitBook, Hugo, Jekyll.
    ("{% hint style=\"info\" %}\nA.\n{% endhint %}", &["A."]),
    ("{% tabs %}\n{% tab title=\"Node\" %}\nA.\n{% endtab %}\n{% endtabs %}", &["Node", "A."]),
    ("{{< tab \"Go\" >}}\nA.\n{{< /tab >}}\n{{% note %}}B.{{% /note %}}", &["Go", "A.", "B."]),
    // Mintlify.
    ("<Step title=\"First\">\n  Do it.\n</Step>", &["First", "Do it."]),
    ("<AccordionGroup><Accordion title=\"Why?\">\n    So.\n</Accordion></AccordionGroup>", &["Why?", "So."]),
    ("<Card\n  title=\"Next\"\n  icon={\"x\"}\n  href=\"/y\"\n>\n  Read on.\n</Card>", &["Next", "Read on."]),
    ("<ParamField body=\"id\" type=\"string\" required>\n  The id.\n</ParamField>", &["id", "The id."]),
    // HTML.
    ("A<br>B, <kbd>Ctrl</kbd> and <b>bold</b>", &["A B, Ctrl and bold"]),
    (
        "<a href=\"https://a.example/x\">site</a> <a href=\"/y\">page</a>",
        &["[site](https://a.example/x) page"],
    ),
    ("A <!-- x\ny --> B {/* z */} C", &["A ", " B  C"]),
    ("<p align=\"center\">\n  <b>A</b>\n  <img src=\"x\">\n</p>\n\nB.", &["**A**", "B."]),
    ("<svg>\n<path d=\"M0\"/>\n</svg>\nA.", &["A."]),
    // What is no markup.
    ("a < b, 1 <2, <https://a.example>, x > y", &["a < b, 1 <2, <https://a.example>, x > y"]),
    ("Use {{customer.name}} in /users/{id}.", &["Use {{customer.name}} in /users/{id}."]),
    ("`<Tabs>` and ``{% x %}`` and \\<b>", &["`<Tabs>` and ``{% x %}`` and \\<b>"]),
    (
        "```jsx\n<Tabs>\nimport x from 'y'\n    ```\n:::note\n```",
        &["```jsx", "<Tabs>", "import x from 'y'", "    ```", ":::note", "```"],
    ),
    ("A:\n\n    x = <b>\n    {% x %}", &["A:", "    x = <b>", "    {% x %}"]),
];

#[test]
fn markdown_of_every_tool_says_the_same_without_its_markup() {
    for (text, expected) in CASES {
        assert_eq!(lines(text, false), *expected, "{text:?}");
    }
}

#[test]
fn expressions_are_read_in_mdx_alone() {
    let text = "A{' '}B {props.version} {\"text\"}";
    assert_eq!(lines(text, true), ["A B  text"]);
    assert_eq!(lines("Version {props.version}", false), ["Version {props.version}"]);
    assert_eq!(lines("<Tabs>\n\n      Deep.\n\n</Tabs>", true), ["Deep."]);
}

#[test]
fn tables_in_html_are_read_by_rows() {
    let text =
        "<table>\n<tr><th>Key</th><th>Use</th></tr>\n<tr><td>k</td><td>**Find**</td></tr>\n</table>\nA.";
    let found = lines(text, false);
    assert!(found.iter().any(|line| line.contains("| k") && line.contains("**Find**")), "{found:?}");
    assert_eq!(found.last().map(String::as_str), Some("A."));
}

proptest! {
    #[test]
    fn any_text_is_read(
        text in "(<[A-Za-z/]{0,6}|>|`{1,4}|\\{[%{]?|[%}]?\\}|:::|!!! note\n|    |\n|[a-zÄ\"'=]{1,4} |<!--|-->|\\||<table>|\u{0}){0,60}",
        is_mdx: bool
    ) {
        plain_markdown(&text, is_mdx);
    }
}
