//! Fake receiver of webhooks: a real HTTP server that responds by script and records every post as it came.

use std::collections::VecDeque;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// One post as it arrived.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub path: String,
    pub id: String,
    pub timestamp: String,
    signatures: Vec<String>,
    pub body: Vec<u8>,
}

impl Arrival {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn event(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// How many of its signatures are those of the secret, by another implementation than the program's.
    pub fn signed_by(&self, secret: &str) -> usize {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
        let mut signed = format!("{}.{}.", self.id, self.timestamp).into_bytes();
        signed.extend_from_slice(&self.body);
        let is_valid = |signature: &&String| {
            let tag = STANDARD.decode(signature.strip_prefix("v1,").unwrap()).unwrap();
            ring::hmac::verify(&key, &signed, &tag).is_ok()
        };
        self.signatures.iter().filter(is_valid).count()
    }

    /// Whether the example of docs/webhooks.md accepts it, run by Python.
    pub async fn is_genuine_to_the_page(&self, secret: &str) -> bool {
        let page = include_str!("../../../docs/webhooks.md");
        let (_, example) = page.split_once("```python\n").unwrap();
        let (example, _) = example.split_once("```").unwrap();
        let call = "import json, sys\nsecret, headers, body = json.loads(sys.argv[1])\n\
                    sys.exit(0 if is_genuine(secret, headers, body.encode()) else 3)";
        let headers = serde_json::json!({
            "webhook-id": self.id,
            "webhook-timestamp": self.timestamp,
            "webhook-signature": self.signatures.join(" "),
        });
        let body = String::from_utf8(self.body.clone()).unwrap();
        let arguments = serde_json::json!([secret, headers, body]).to_string();
        let mut python = tokio::process::Command::new("python3");
        let output =
            python.arg("-c").arg(format!("{example}\n{call}")).arg(arguments).output().await.unwrap();
        match output.status.code() {
            Some(0) => true,
            Some(3) => false,
            _ => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        }
    }

    pub fn signatures(&self) -> usize {
        self.signatures.len()
    }
}

#[derive(Default)]
struct Log {
    arrivals: Mutex<Vec<Arrival>>,
    /// Statuses of the next answers, in order; all later ones are 204.
    script: Mutex<VecDeque<u16>>,
}

/// A running receiver; it serves until the tests end.
pub struct HookReceiver {
    /// Such as `http://127.0.0.1:40123`.
    pub origin: String,
    log: Arc<Log>,
}

impl HookReceiver {
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Log::default());
        let shared = web::Data::from(Arc::clone(&log));
        std::thread::spawn(move || {
            let app = move || App::new().app_data(shared.clone()).default_service(web::to(take));
            actix_web::rt::System::new()
                .block_on(HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run())
                .unwrap();
        });
        Self { origin, log }
    }

    pub fn url(&self) -> String {
        format!("{}/hooks?source=support", self.origin)
    }

    /// The statuses of the next answers.
    pub fn answers(&self, statuses: &[u16]) {
        self.log.script.lock().unwrap().extend(statuses);
    }

    pub fn arrivals(&self) -> Vec<Arrival> {
        self.log.arrivals.lock().unwrap().clone()
    }
}

async fn take(log: web::Data<Log>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let header = |name: &str| {
        request.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    log.arrivals.lock().unwrap().push(Arrival {
        path: request.path().to_owned(),
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signatures: header("webhook-signature").split(' ').map(str::to_owned).collect(),
        body: body.to_vec(),
    });
    let status = log.script.lock().unwrap().pop_front().unwrap_or(204);
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap());
    if (300..400).contains(&status) {
        response.insert_header(("Location", "/elsewhere"));
    }
    response.finish()
}
