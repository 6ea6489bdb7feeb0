//! Reads the pages that a `sitemap.xml` lists: a help centre that exists as a web site alone.

use std::time::Duration;

use anyhow::Context;
use futures_util::StreamExt;
use futures_util::stream;
use reqwest::{Client, Url, redirect};

use super::documents::Gathered;
use crate::cli::Misuse;
use crate::domain::knowledge::Origin;
use crate::http_client;
use crate::knowledge::documents::sitemap::{self, MAX_PAGES};
use crate::knowledge::documents::{MAX_BYTES, is_document};

const TIMEOUT: Duration = Duration::from_secs(30);
/// Pages that are fetched at the same time: few, because the site serves its readers too.
const CONCURRENT: usize = 4;

/// Whether an argument is the address of a sitemap instead of a path.
pub fn is_address(argument: &str) -> bool {
    argument.starts_with("https://") || argument.starts_with("http://")
}

/// Adds the pages of a sitemap, or of the sitemaps that it lists. Pages of other hosts are left out.
pub async fn gather(address: &str, gathered: &mut Gathered) -> anyhow::Result<()> {
    let root = Url::parse(address).map_err(|error| Misuse(format!("{address}: {error}")))?;
    let host = root.host_str().map(ToOwned::to_owned);
    let policy = redirect::Policy::custom(move |attempt| {
        if attempt.url().host_str() == host.as_deref() && attempt.previous().len() < 5 {
            attempt.follow()
        } else {
            attempt.stop()
        }
    });
    let client = http_client::builder().timeout(TIMEOUT).redirect(policy).build()?;
    let pages = pages(&client, &root).await?;
    eprintln!("{} pages to fetch from {address}", pages.len());

    let mut fetched = stream::iter(pages)
        .map(|page| {
            let client = client.clone();
            async move { (name_of(&page), text(&client, &page).await) }
        })
        .buffered(CONCURRENT);
    let mut documents = Vec::new();
    while let Some((name, page)) = fetched.next().await {
        match page {
            Ok(bytes) => documents.extend(gathered.read(&name, &bytes)),
            Err(error) => gathered.skipped.push((name, format!("{error:#}"))),
        }
    }
    gathered.origins.push(Origin { root: address.to_owned(), documents });
    Ok(())
}

/// The pages of the host, at most [`MAX_PAGES`].
async fn pages(client: &Client, root: &Url) -> anyhow::Result<Vec<Url>> {
    let listed = |xml: &[u8]| -> Vec<Url> {
        let addresses = sitemap::addresses(&String::from_utf8_lossy(xml));
        let urls = addresses.iter().filter_map(|address| root.join(address).ok());
        urls.filter(|url| url.host_str() == root.host_str()).collect()
    };
    let xml = text(client, root).await.with_context(|| format!("could not fetch {root}"))?;
    let mut pages = listed(&xml);
    if sitemap::is_index(&String::from_utf8_lossy(&xml)) {
        let sitemaps = std::mem::take(&mut pages);
        for sitemap in sitemaps {
            let xml = text(client, &sitemap).await.with_context(|| format!("could not fetch {sitemap}"))?;
            pages.extend(listed(&xml));
        }
    }
    if pages.is_empty() {
        return Err(Misuse(format!("{root} lists no page of its host")).into());
    }
    if pages.len() > MAX_PAGES {
        return Err(
            Misuse(format!("{root} lists {} pages; at most {MAX_PAGES} are read", pages.len())).into()
        );
    }
    Ok(pages)
}

async fn text(client: &Client, url: &Url) -> anyhow::Result<Vec<u8>> {
    let mut answer = client.get(url.clone()).send().await?.error_for_status()?;
    anyhow::ensure!(answer.status().is_success(), "it redirects to another host");
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        bytes.extend_from_slice(&chunk);
        anyhow::ensure!(bytes.len() as u64 <= MAX_BYTES, "it is larger than {} MiB", MAX_BYTES >> 20);
    }
    Ok(bytes)
}

/// A page's path as the name of a document; pages have no ending more often than not.
fn name_of(url: &Url) -> String {
    let path = url.path().trim_matches('/');
    let path = if path.is_empty() { "index" } else { path };
    if is_document(path) { path.to_owned() } else { format!("{path}.html") }
}
