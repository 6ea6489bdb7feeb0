//! Sitemap reader: the pages that a `sitemap.xml` lists.

/// Pages taken from one sitemap; a larger site is ingested in parts.
pub const MAX_PAGES: usize = 5_000;

/// The addresses in a sitemap, in order and once each.
pub fn addresses(xml: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut rest = xml;
    while let Some((_, after)) = rest.split_once("<loc>") {
        let Some((address, left)) = after.split_once("</loc>") else {
            break;
        };
        let address = address.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>").trim();
        let address = address.replace("&amp;", "&");
        if seen.insert(address.clone()) {
            found.push(address);
        }
        rest = left;
    }
    found
}

/// Whether a sitemap lists other sitemaps instead of pages.
pub fn is_index(xml: &str) -> bool {
    xml.contains("<sitemapindex")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sitemap_lists_its_pages_once() {
        let xml = "<?xml version=\"1.0\"?><urlset><url><loc> https://a.example/x?a=1&amp;b=2 </loc></url>\
                   <url><loc><![CDATA[https://a.example/y]]></loc></url><url><loc>https://a.example/y</loc></url></urlset>";
        assert_eq!(addresses(xml), ["https://a.example/x?a=1&b=2", "https://a.example/y"]);
        assert!(!is_index(xml) && is_index("<sitemapindex xmlns='x'>"));
    }
}
