//! Kafka authentication and TLS tests: the operator's settings reach librdkafka, and an authentication failure is
//! logged clearly.

use std::path::Path;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::kafka::Cluster;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::tls_proxy::Authority;
use crate::support::verdict::{all_settled, assert_answered_exactly_once};
use crate::support::wait::{LIMIT, eventually};

/// A broker with a second listener, SASL PLAIN over TLS, for user `fte` with password `right`.
async fn guarded(authority: &Authority, folder: &Path) -> Cluster {
    let identity = authority.write_server(folder, "127.0.0.1");
    let settings = format!(
        "listeners=PLAINTEXT://127.0.0.1:{{port}},CONTROLLER://127.0.0.1:{{controller}},GUARDED://127.0.0.1:{{spare}}
advertised.listeners=PLAINTEXT://127.0.0.1:{{port}},GUARDED://127.0.0.1:{{spare}}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,GUARDED:SASL_SSL
listener.name.guarded.sasl.enabled.mechanisms=PLAIN
listener.name.guarded.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_fte=\"right\";
listener.name.guarded.ssl.keystore.type=PEM
listener.name.guarded.ssl.keystore.location={}
",
        identity.display()
    );
    Cluster::start_with(1, &settings).await
}

#[tokio::test]
async fn tls_and_password_settings_reach_the_brokers() {
    let (authority, folder) = (Authority::new("The issuer"), tempfile::tempdir().unwrap());
    let kafka = guarded(&authority, folder.path()).await;
    let servers = format!("127.0.0.1:{}", kafka.spare_port(1));
    let root = authority.write_root(folder.path());
    let stranger = Authority::new("A stranger").write_server(folder.path(), "127.0.0.1");
    let with = |password: &'static str, root: &Path| {
        [
            ("KAFKA_BOOTSTRAP_SERVERS", servers.clone()),
            ("KAFKA_SECURITY_PROTOCOL", "SASL_SSL".to_owned()),
            ("KAFKA_SASL_MECHANISM", "PLAIN".to_owned()),
            ("KAFKA_SASL_USERNAME", "fte".to_owned()),
            ("KAFKA_SASL_PASSWORD", password.to_owned()),
            ("KAFKA_SSL_CA_LOCATION", root.display().to_string()),
        ]
    };

    let file = folder.path().join("password");
    std::fs::write(&file, "wrong").unwrap();
    let mut in_file = with("", &root).to_vec();
    in_file.push(("KAFKA_SASL_PASSWORD_FILE", file.display().to_string()));
    let rotated = refused(&in_file, "uthentication").await;
    is_accepted_once_its_file_is_right(&rotated, &file).await;
    rotated.kill9().await;
    refused(&with("right", &stranger), "certificate").await.kill9().await;

    let url = fresh_database().await;
    let right = with("right", &root);
    let served = Served::start(&url, &right.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    assert_eq!(kafka_check(&ann).await["status"], "ok");
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;
    served.terminate().await;
}

/// Producer and consumer use the password that the file holds now, without a restart.
async fn is_accepted_once_its_file_is_right(served: &Served, file: &Path) {
    let next = file.with_extension("next");
    std::fs::write(&next, "right").unwrap();
    std::fs::rename(next, file).unwrap();
    served.send(Signal::HUP);
    let ann = Customer::of(&served.base);
    let accepted = async || {
        let check = kafka_check(&ann).await;
        if check["status"] == "ok" { Ok(()) } else { Err(check) }
    };
    eventually("the new password", LIMIT, accepted).await;
    let ticket = ann.submit("ann@example.com", "2", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
}

/// The program still serves, and logs that Kafka refuses it and why, but never the password.
async fn refused(variables: &[(&str, String)], why: &str) -> Served {
    let url = fresh_database().await;
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let served = Served::start(&url, &variables).await;
    let ann = Customer::of(&served.base);
    let refusal = async || {
        let check = kafka_check(&ann).await;
        let detail = check["detail"].as_str().unwrap();
        let said = check["status"] == "degraded" && detail.contains("refuses") && detail.contains(why);
        if said { Ok(()) } else { Err(check) }
    };
    eventually("the refusal in the health report", LIMIT, refusal).await;
    assert_eq!(ann.get("/health/ready").await.unwrap().status(), 200, "degraded, not failed");
    assert_eq!(ann.submit("ann@example.com", "1", FORGOTTEN).await.tries, 1, "accepted at once");
    let log = served.log();
    let said = log.lines().find(|line| line.contains("ERROR") && line.contains("KAFKA_SASL_"));
    assert!(said.is_some_and(|line| line.contains(why)), "{log}");
    assert!(!log.contains("wrong"), "{log}");
    served
}

async fn kafka_check(ann: &Customer) -> Value {
    let health = ann.json("/health/ready").await;
    let checks = health["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == "kafka").unwrap().clone()
}
