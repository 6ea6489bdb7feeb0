//! The help centre: what customers find and read, and internal documents that they don't.

use serde_json::{Value, json};

use crate::operations::commands::fte_with;
use crate::support::customers::Customer;
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;

const PUBLIC: &str = "# Guide\n\n## Reset a password\n\nPress **Forgot password** on the sign-in page.\n\n\
                      ## Exports\n\nSee [passwords](#reset-a-password).\n";
const INTERNAL: &str =
    "# Runbook\n\n## Zebra cluster password\n\nThe zebra cluster password is in the vault.\n";

/// Ingests a document; one in a folder by the folder around it, as its id then begins with the folder's name.
async fn ingest(url: &str, name: &str, text: &str, internal: bool) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text).unwrap();
    let path = if name.contains('/') { dir.path().to_owned() } else { file };
    let mut arguments = vec!["kb", "ingest", path.to_str().unwrap()];
    arguments.extend(internal.then_some("--internal"));
    let output = fte_with(url, &arguments, "", &[]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

async fn status(customer: &Customer, path: &str) -> u16 {
    customer.get(path).await.unwrap().status().as_u16()
}

fn ids(items: &Value) -> Vec<&str> {
    items.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn customers_find_and_read_public_documents_only() {
    let url = fresh_database().await;
    ingest(&url, "guide.md", PUBLIC, false).await;
    ingest(&url, "runbook.md", INTERNAL, true).await;
    let served = Served::start(&url, &[]).await;
    let ann = Customer::of(&served.base);

    let list = ann.json("/help/articles").await;
    assert_eq!(ids(&list["items"]), ["guide.md#reset-a-password", "guide.md#exports"]);
    let first = ann.json("/help/articles?limit=1").await;
    assert_eq!(ids(&first["items"]), ["guide.md#reset-a-password"]);
    let cursor = first["next_cursor"].as_str().unwrap().replace('#', "%23");
    let second = ann.json(&format!("/help/articles?limit=1&cursor={cursor}")).await;
    assert_eq!((ids(&second["items"]), &second["next_cursor"]), (vec!["guide.md#exports"], &Value::Null));

    let article = ann.json("/help/articles/guide.md%23reset-a-password").await;
    assert_eq!(article["html"], "<p>Press <strong>Forgot password</strong> on the sign-in page.</p>");
    assert_eq!(article["section"], "Guide > Reset a password");
    let article = ann.json("/help/articles/guide.md%23exports").await;
    assert!(article["html"].as_str().unwrap().contains("/help?id=guide.md%23reset-a-password"), "{article}");
    assert_eq!(status(&ann, "/help/articles/runbook.md%23zebra-cluster-password").await, 404);

    let found = ann.json("/help/search?q=reset+password").await;
    assert_eq!(ids(&found["results"])[0], "guide.md#reset-a-password");
    for words in ["zebra+cluster", "zebra+vault+password", "warp+drive"] {
        let found = ann.json(&format!("/help/search?q={words}")).await;
        assert!(!ids(&found["results"]).iter().any(|id| id.starts_with("runbook")), "{found}");
    }
    let search = |flag: &'static [&'static str]| {
        let arguments = [&["kb", "search", "zebra cluster", "--json"], flag].concat();
        let url = url.clone();
        async move { String::from_utf8(fte_with(&url, &arguments, "", &[]).await.stdout).unwrap() }
    };
    assert!(search(&["--internal"]).await.contains("runbook.md#zebra-cluster-password"));
    assert!(!search(&[]).await.contains("runbook.md"), "the search of the bot");

    // The same document, public from now on: nothing else of it has changed.
    ingest(&url, "runbook.md", INTERNAL, false).await;
    assert_eq!(status(&ann, "/help/articles/runbook.md%23zebra-cluster-password").await, 200);
}

/// The status of an opinion of an article.
async fn vote(base: &str, article: &str, opinion: Value) -> u16 {
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    let url = format!("{base}/help/articles/{article}/helpful");
    http.post(url).json(&opinion).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn opinions_of_public_articles_are_counted_by_day() {
    let url = fresh_database().await;
    ingest(&url, "guide.md", PUBLIC, false).await;
    ingest(&url, "runbook.md", INTERNAL, true).await;
    ingest(&url, "machines/cleaning.md", "# Cleaning\n\n## Descale it\n\nUse the tablet.\n", false).await;
    let served = Served::start(&url, &[]).await;
    let nested = "machines%2Fcleaning.md%23descale-it";
    let article = Customer::of(&served.base).json(&format!("/help/articles/{nested}")).await;
    assert_eq!(
        (&article["id"], &article["text"]),
        (&json!("machines/cleaning.md#descale-it"), &json!("Use the tablet."))
    );
    for (article, opinion, expected) in [
        ("guide.md%23reset-a-password", json!({"helpful": true}), 204),
        ("guide.md%23reset-a-password", json!({"helpful": true}), 204),
        ("guide.md%23reset-a-password", json!({"helpful": false}), 204),
        ("guide.md%23exports", json!({"helpful": true}), 204),
        (nested, json!({"helpful": false}), 204),
        ("guide.md%23exports", json!({"helpful": "yes"}), 422),
        ("guide.md%23exports", json!({}), 422),
        ("guide.md%23no-such-section", json!({"helpful": true}), 404),
        ("runbook.md%23zebra-cluster-password", json!({"helpful": true}), 404),
    ] {
        assert_eq!(vote(&served.base, article, opinion.clone()).await, expected, "{article} {opinion}");
    }
    let database = client(&url).await;
    let counted = "select article_id, helpful, votes, day = current_date from help_votes order by 1, 2";
    let rows = database.query(counted, &[]).await.unwrap();
    let rows: Vec<(String, bool, i64, bool)> =
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect();
    let expected = [
        ("guide.md#exports", true, 1),
        ("guide.md#reset-a-password", false, 1),
        ("guide.md#reset-a-password", true, 2),
        ("machines/cleaning.md#descale-it", false, 1),
    ];
    assert_eq!(rows, expected.map(|(article, helpful, votes)| (article.to_owned(), helpful, votes, true)));
}
