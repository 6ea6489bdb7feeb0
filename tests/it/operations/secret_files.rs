//! Tests of secrets in files (`FTE_API_TOKEN_FILE` and the like).

use std::fs;

use fte::config::{Config, ConfigErrors, Database, EmailProvider};
use secrecy::ExposeSecret;

fn config(variables: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_variables(&variables.collect())
}

#[test]
fn each_secret_may_be_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (token, key) = (file("token", " a-token-of-24-characters \n"), file("key", "sk-1\n"));
    let (url, imap) =
        (file("url", "postgres://fte:pw@db/fte\n"), file("imap", "imaps://a%40b.example:p@mail"));
    let (smtp, kafka) = (file("smtp", "smtps://mail\n"), file("kafka", "hush"));
    let config = config(&[
        ("FTE_API_TOKEN_FILE", &token),
        ("OPENAI_API_KEY_FILE", &key),
        ("DATABASE_URL_FILE", &url),
        ("IMAP_URL_FILE", &imap),
        ("SMTP_URL_FILE", &smtp),
        ("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"),
        ("KAFKA_SASL_PASSWORD_FILE", &kafka),
    ])
    .unwrap();
    assert_eq!(config.http.api_token.unwrap().expose_secret(), "a-token-of-24-characters");
    assert_eq!(config.openai.key.unwrap().expose_secret(), "sk-1");
    assert!(matches!(config.database, Database::Given(_)));
    assert!(matches!(config.email.provider, EmailProvider::Imap(_)));
    let properties = config.kafka.settings.unwrap().properties;
    let [(name, value)] = &properties[..] else { panic!("{}", properties.len()) };
    assert_eq!((name.as_str(), value.expose_secret()), ("sasl.password", "hush"));
}

#[test]
fn a_file_that_cannot_be_used_is_named_without_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::write(&empty, "\n").unwrap();
    let large = folder.path().join("large");
    fs::write(&large, "s3cret".repeat(20_000)).unwrap();
    for (path, why) in [
        ("/nowhere/token", "No such file"),
        (empty.to_str().unwrap(), "it is empty"),
        (large.to_str().unwrap(), "larger than"),
    ] {
        let error = config(&[("FTE_API_TOKEN_FILE", path)]).unwrap_err().to_string();
        assert!(
            error.contains("FTE_API_TOKEN_FILE expects a file that holds the secret") && error.contains(why),
            "{error}"
        );
        assert!(!error.contains("s3cret"), "{error}");
    }
    let error = config(&[("OPENAI_API_KEY", "sk"), ("OPENAI_API_KEY_FILE", empty.to_str().unwrap())]);
    assert!(error.unwrap_err().to_string().contains("OPENAI_API_KEY_FILE expects to be unset"));
}

/// A password without its server is refused from a file, too.
#[test]
fn a_secret_from_a_file_counts_as_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    fs::write(&path, "pw").unwrap();
    let error = config(&[("POSTGRES_PASSWORD_FILE", path.to_str().unwrap())]).unwrap_err().to_string();
    assert!(error.contains("POSTGRES_HOST expects"), "{error}");
}
