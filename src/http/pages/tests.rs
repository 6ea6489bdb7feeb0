//! Tests of the responses, with files of their own: the pages need not be built where the tests run.

use actix_web::test::TestRequest;
use sha2::{Digest, Sha256};

use super::export::RawFile;
use super::*;

const ORIGIN: &str = "https://shop.example.com";

fn files(name: &str) -> Option<RawFile> {
    let content: &[u8] = match name {
        "index.html" => b"form",
        "index.html.br" => b"form in brotli",
        "index.html.gz" => b"form in gzip",
        "ticket.html" => b"ticket",
        "console/login.html" => b"login",
        "404.html" => b"nothing here",
        "_next/static/a-1f.js" => b"script",
        "embed.js" => b"embed",
        "secret.key" => b"secret",
        _ => return None,
    };
    Some(RawFile { content: Bytes::from_static(content), hash: Sha256::digest(content).into() })
}

fn get(path: &str, headers: &[(&'static str, &str)]) -> Option<HttpResponse> {
    let request =
        headers.iter().fold(TestRequest::get().uri(path), |request, header| request.insert_header(*header));
    let site = Site {
        logo: Some(Logo { content: Bytes::from_static(b"<svg/>"), content_type: "image/svg+xml" }),
        ..Site::default()
    };
    respond_from(&files, &request.to_http_request(), &site, &PagePolicy::new("", &[ORIGIN.to_owned()]))
}

fn header(response: &HttpResponse, name: &str) -> String {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned()
}

async fn body(response: HttpResponse) -> String {
    let bytes = actix_web::body::to_bytes(response.into_body()).await.ok().unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[actix_web::test]
async fn pages_have_addresses_without_an_ending() {
    for (path, expected) in [
        ("/", "form"),
        ("/ticket", "ticket"),
        ("/ticket?id=7", "ticket"),
        ("/console/login", "login"),
        ("/embed.js", "embed"),
    ] {
        let response = get(path, &[]).unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(body(response).await, expected, "{path}");
    }
    for path in
        ["/none", "/index.html.br", "/secret.key", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/staff/none"]
    {
        assert!(get(path, &[]).is_none(), "{path}");
    }
    let response = get("/none", &[("accept", "text/html,*/*;q=0.8")]).unwrap();
    assert_eq!((response.status(), body(response).await.as_str()), (StatusCode::NOT_FOUND, "nothing here"));
}

#[actix_web::test]
async fn the_best_version_is_sent_with_its_own_validator() {
    for (accepts, encoding, expected) in [
        ("gzip, br", "br", "form in brotli"),
        ("gzip", "gzip", "form in gzip"),
        ("br;q=0, identity", "", "form"),
    ] {
        let response = get("/", &[("accept-encoding", accepts)]).unwrap();
        assert_eq!(header(&response, "content-encoding"), encoding, "{accepts}");
        assert_eq!(header(&response, "vary"), "Accept-Encoding");
        let etag = header(&response, "etag");
        assert_eq!(body(response).await, expected);
        let again = get("/", &[("accept-encoding", accepts), ("if-none-match", &format!("\"x\", W/{etag}"))])
            .unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{accepts}");
        assert_eq!((header(&again, "etag"), body(again).await.as_str()), (etag.clone(), ""));
        let other = get("/", &[("if-none-match", &etag)]).unwrap();
        assert_eq!(
            other.status() == StatusCode::OK,
            !encoding.is_empty(),
            "another version has another validator"
        );
    }
    // There is no compressed version of this one.
    let response = get("/ticket", &[("accept-encoding", "br")]).unwrap();
    assert_eq!(
        (header(&response, "content-encoding").as_str(), body(response).await.as_str()),
        ("", "ticket")
    );
}

#[actix_web::test]
async fn names_with_a_hash_are_kept_for_ever_and_pages_are_asked_for_again() {
    let script = get("/_next/static/a-1f.js", &[]).unwrap();
    assert_eq!(header(&script, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&script, "content-type"), "text/javascript; charset=utf-8");
    let page = get("/", &[]).unwrap();
    assert_eq!(header(&page, "cache-control"), "no-cache");
    assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
}

#[actix_web::test]
async fn a_page_may_be_framed_only_where_it_should() {
    let policy = |path: &str| header(&get(path, &[]).unwrap(), "content-security-policy");
    assert!(policy("/").ends_with(&format!("frame-ancestors {ORIGIN}")));
    assert!(policy("/console/login").ends_with("frame-ancestors 'none'"));
    let logo = get("/logo", &[]).unwrap();
    assert!(header(&logo, "content-security-policy").contains("sandbox"));
    assert_eq!(header(&logo, "content-type"), "image/svg+xml");
    let config = get("/config.js", &[]).unwrap();
    assert_eq!(header(&config, "cache-control"), "no-cache");
    assert!(body(config).await.contains("\"logo\":\"/logo\""));
}

#[actix_web::test]
async fn a_program_without_pages_says_so() {
    let policy = PagePolicy::new("", &[]);
    let at = |path: &str| {
        let request = TestRequest::get().uri(path).to_http_request();
        respond_from(&|_| None, &request, &Site::default(), &policy)
    };
    for path in ["/", "/ticket", "/console/login"] {
        let response = at(path).unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(body(response).await.contains("make build"));
    }
    assert!(at("/nowhere").is_none());
    let post = TestRequest::post().uri("/").to_http_request();
    assert!(respond_from(&files, &post, &Site::default(), &policy).is_none());
}
