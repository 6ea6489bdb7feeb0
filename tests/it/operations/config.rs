//! Configuration tests: defaults, error reports and the example file.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use fte::config::{AgentModel, Config, ConfigErrors, Database, Environment, HttpConfig, LogFormat, locate};
use secrecy::ExposeSecret;

fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    Config::from_lookup(|name| variables.get(name).map(|value| (*value).to_owned()))
}

fn problems(variables: &[(&str, &str)]) -> String {
    read(variables).unwrap_err().to_string()
}

/// A copy of the example file in which the lines for which `uncomment` holds are uncommented.
fn example(uncomment: impl Fn(&str) -> bool) -> HashMap<String, String> {
    let text = include_str!("../../../.env.example");
    let lines = text.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if !setting.starts_with(' ') && uncomment(setting) => setting,
        Some(_) | None => line,
    });
    let file = lines.collect::<Vec<_>>().join("\n");
    dotenvy::from_read_iter(file.as_bytes()).map(Result::unwrap).collect()
}

#[test]
fn a_verbatim_copy_of_the_example_changes_nothing() {
    let copy = example(|_| false);
    let config = Config::from_lookup(|name| copy.get(name).cloned()).unwrap();
    assert_eq!(format!("{config:?}"), format!("{:?}", read(&[]).unwrap()));
}

#[test]
fn every_line_of_the_example_shows_the_default() {
    // The parts of a given server have no effect without its name, and the base URL is derived from the port.
    let shown =
        example(|line| !["POSTGRES_", "API_BASE_URL"].iter().any(|special| line.starts_with(special)));
    assert!(shown.len() >= 15, "{shown:?}");
    let config = Config::from_lookup(|name| shown.get(name).cloned()).unwrap();
    assert_eq!(format!("{config:?}"), format!("{:?}", read(&[]).unwrap()));
}

#[test]
fn the_embedding_models_folder_has_a_former_name() {
    let folder = |variables: &[(&str, &str)]| read(variables).unwrap().knowledge.model_path;
    assert_eq!(folder(&[("MINILM_PATH", "/models/a")]), Some("/models/a".into()));
    let both = [("MINILM_PATH", "/models/a"), ("EMBEDDING_MODEL_PATH", "/models/b")];
    assert_eq!(folder(&both), Some("/models/b".into()));
}

#[test]
fn the_example_names_every_variable_that_is_read() {
    let named = example(|_| true);
    let asked = std::cell::RefCell::new(Vec::new());
    let lookup = |name: &str| {
        asked.borrow_mut().push(name.to_owned());
        (name == "POSTGRES_HOST").then(|| "db".to_owned())
    };
    Config::from_lookup(lookup).unwrap();
    for name in asked.into_inner() {
        assert!(named.contains_key(&name), "{name} is read, but not in .env.example");
    }
}

#[test]
fn development_is_the_default() {
    let config = read(&[]).unwrap();
    assert_eq!(config.environment, Environment::Development);
    assert_eq!(config.log.format, LogFormat::Human);
    assert_eq!(config.http.host, IpAddr::from([127, 0, 0, 1]));
    assert_eq!((config.http.port, config.http.submit_rate_per_minute), (8000, None));
    assert!(config.http.api_token.is_none());
    assert!(matches!(config.database, Database::Embedded));
    assert_eq!((config.agent.pool_size, config.agent.pool_idle), (64, 10_000));
    assert!(config.data_dir.is_absolute() && config.data_dir.ends_with(".local"));
}

#[test]
fn production_listens_on_all_addresses_and_limits_rates() {
    let config = read(&[("ENVIRONMENT", "production"), ("API_HOST", "")]).unwrap();
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.http.host, IpAddr::from([0, 0, 0, 0]));
    assert_eq!(config.http.submit_rate_per_minute, Some(30));
    let unlimited = read(&[("ENVIRONMENT", "production"), ("SUBMIT_RATE_PER_MINUTE", "0")]).unwrap();
    assert_eq!(unlimited.http.submit_rate_per_minute, None);
}

#[test]
fn all_mistakes_are_reported_at_once_without_secrets() {
    let said = problems(&[
        ("ENVIRONMENT", "prod"),
        ("API_PORT", "eighty"),
        ("FTE_API_TOKEN", "two words"),
        ("DATABASE_URL", "mysql://fte:hunter2@db/fte"),
        ("AGENT_MODEL", "gpt"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy"),
        ("OPENAI_BASE_URL", "localhost:11434"),
        ("OPENAI_TIMEOUT_SECONDS", "0"),
        ("OPENAI_PRICES", "gpt-4o=cheap"),
        ("ESCALATION_WEBHOOK_URL", "hooks.example.com/services/open"),
    ]);
    let expected = [
        "the configuration is wrong",
        "  ENVIRONMENT is `prod`, it expects development or production",
        "  OPENAI_BASE_URL is `localhost:11434`, it expects an http or https URL such as http://127.0.0.1:11434/v1",
        "  OPENAI_TIMEOUT_SECONDS is `0`, it expects seconds from 1 to 600",
        "  OPENAI_PRICES is `gpt-4o=cheap`, it expects model=input/output, US dollars for a million tokens, such as \
         gpt-4o=2.50/10.00, separated by commas",
        "  API_PORT is `eighty`, it expects a port from 0 to 65535",
        "  FTE_API_TOKEN expects visible ASCII characters without spaces",
        "  TRUSTED_PROXIES is `10.0.0.0/8, proxy`, it expects addresses or networks such as 10.0.0.0/8, \
         separated by commas",
        "  DATABASE_URL expects a URL such as postgres://user:password@host:5432/database: it does not start \
         with postgres:// or postgresql://",
        "  AGENT_MODEL is `gpt`, it expects scripted or openai",
        "  ESCALATION_WEBHOOK_URL expects an http or https URL such as https://hooks.slack.com/services/…",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn production_refuses_a_short_token_and_proxies_that_are_everybody() {
    let all = [("FTE_API_TOKEN", "twenty-three-characters"), ("TRUSTED_PROXIES", "0.0.0.0/1, 128.0.0.0/1")];
    let said = problems(&[&all[..], &[("ENVIRONMENT", "production")]].concat());
    let expected = [
        "the configuration is wrong",
        "  FTE_API_TOKEN expects at least 24 characters in production",
        "  TRUSTED_PROXIES is `0.0.0.0/1, 128.0.0.0/1`, it expects the proxies' own networks in production, not all \
         addresses",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
    assert!(read(&all).is_ok(), "development takes both");
    let fine = [("ENVIRONMENT", "production"), ("FTE_API_TOKEN", "twenty-four-characters-x")];
    assert!(read(&[&fine[..], &[("TRUSTED_PROXIES", "10.0.0.0/8")]].concat()).is_ok());
}

#[test]
fn the_service_behind_the_escalation_webhook_is_told_by_its_url_or_named() {
    let format = |variables: &[(&str, &str)]| read(variables).unwrap().desk.webhook_format.as_str();
    let discord = ("ESCALATION_WEBHOOK_URL", "https://discord.com/api/webhooks/1/x");
    assert_eq!(format(&[discord]), "discord");
    assert_eq!(format(&[discord, ("ESCALATION_WEBHOOK_FORMAT", "teams")]), "teams");
    assert_eq!(format(&[]), "slack");
    let said = problems(&[("ESCALATION_WEBHOOK_FORMAT", "msteams")]);
    assert!(said.ends_with("it expects one of slack, mattermost, discord, google_chat, teams"), "{said}");
}

#[test]
fn the_parts_of_a_server_make_a_database() {
    let config =
        read(&[("POSTGRES_HOST", "db"), ("POSTGRES_PASSWORD", "s@crt"), ("POSTGRES_SSLMODE", "require")]);
    let Database::Given(database) = config.unwrap().database else { panic!("a server was given") };
    let mut expected: tokio_postgres::Config = "postgres://fte@db:5432/fte".parse().unwrap();
    expected.password("s@crt");
    assert_eq!(database.server, expected);
    assert_eq!(database.tls.mode, Some(fte::crm::SslMode::Require));
}

#[test]
fn a_url_takes_precedence_over_the_parts() {
    let config = read(&[("DATABASE_URL", "postgres://a@one/x"), ("POSTGRES_HOST", "two")]).unwrap();
    let Database::Given(database) = config.database else { panic!("a server was given") };
    assert_eq!(database.server, "postgres://a@one/x".parse().unwrap());
}

#[test]
fn a_part_without_a_server_is_an_error() {
    let said = problems(&[("POSTGRES_DB", "crm")]);
    assert!(said.ends_with("POSTGRES_HOST expects the server's name, because POSTGRES_DB is set"), "{said}");
}

#[test]
fn secrets_stay_out_of_debug_output() {
    let config = read(&[
        ("FTE_API_TOKEN", "sesame"),
        ("DATABASE_URL", "postgres://fte:hunter2@db/fte"),
        ("ESCALATION_WEBHOOK_URL", "https://hooks.example.com/services/open"),
        ("OPENAI_API_KEY", "sk-123"),
    ])
    .unwrap();
    assert_eq!(config.http.api_token.as_ref().unwrap().expose_secret(), "sesame");
    let shown = format!("{config:?}");
    assert!(
        ["sesame", "hunter2", "services", "sk-123"].iter().all(|secret| !shown.contains(secret)),
        "{shown}"
    );
}

#[test]
fn the_local_url_can_be_opened_on_this_machine() {
    let bound = SocketAddr::from(([0, 0, 0, 0], 9000));
    assert_eq!(HttpConfig::local_url(bound), "http://127.0.0.1:9000");
    let given = read(&[("API_BASE_URL", "https://help.example.com/")]).unwrap();
    assert_eq!(given.http.base_url.as_deref(), Some("https://help.example.com"));
}

#[test]
fn the_model_needs_a_key_or_a_self_hosted_server() {
    let model = |variables: &[(&str, &str)]| read(variables).unwrap().agent.model;
    assert_eq!(model(&[]), AgentModel::Scripted);
    assert_eq!(model(&[("OPENAI_API_KEY", "sk-123")]), AgentModel::Openai);
    assert_eq!(model(&[("OPENAI_API_KEY", "sk-123"), ("AGENT_MODEL", "scripted")]), AgentModel::Scripted);
    let own = [("AGENT_MODEL", "openai"), ("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1/")];
    assert_eq!(model(&own), AgentModel::Openai);
    assert_eq!(read(&own).unwrap().openai.base_url, "http://127.0.0.1:11434/v1");
    let said = problems(&[("AGENT_MODEL", "openai")]);
    assert!(said.ends_with("OPENAI_API_KEY expects a key, since AGENT_MODEL is openai"), "{said}");
}

#[test]
fn a_twilio_account_is_complete_or_absent() {
    let config = read(&[
        ("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"),
        ("TWILIO_AUTH_TOKEN", "hush"),
        ("TWILIO_AUTH_TOKEN_SECONDARY", "hush too"),
        ("TWILIO_WHATSAPP_NUMBER", "whatsapp:+1 (415) 523-8886"),
        ("TWILIO_MESSAGES_PER_SECOND", "0.33"),
    ]);
    let config = config.unwrap().twilio;
    let account = config.account.as_ref().unwrap();
    assert_eq!((account.number.as_str(), account.token.expose_secret()), ("+14155238886", "hush"));
    assert_eq!((config.api_base_url(), config.messages_per_second), ("https://api.twilio.com", 0.33));
    assert!(!format!("{config:?}").contains("hush"));

    let said = problems(&[("TWILIO_AUTH_TOKEN", "hush"), ("TWILIO_WHATSAPP_NUMBER", "0151 1234567")]);
    let expected = "the configuration is wrong
  TWILIO_WHATSAPP_NUMBER is `0151 1234567`, it expects a phone number such as +14155238886
  TWILIO_ACCOUNT_SID expects a value, because TWILIO_AUTH_TOKEN is set";
    assert_eq!(said, expected);
}

#[test]
fn twilio_s_other_settings_are_checked() {
    let said = problems(&[
        ("ENVIRONMENT", "production"),
        ("TWILIO_API_BASE_URL", "api.twilio.com"),
        ("TWILIO_MESSAGES_PER_SECOND", "0"),
        ("TWILIO_TEMPLATE_VARIABLES", "{text}"),
        ("MEDIA_ALLOWED_ORIGINS", "http://127.0.0.1:9100"),
    ]);
    let named = [
        "TWILIO_API_BASE_URL",
        "TWILIO_MESSAGES_PER_SECOND",
        "TWILIO_TEMPLATE_VARIABLES",
        "MEDIA_ALLOWED_ORIGINS",
    ];
    let lines: Vec<&str> = said.lines().skip(1).collect();
    assert_eq!(lines.len(), named.len(), "{said}");
    for (line, name) in lines.iter().zip(named) {
        assert!(line.trim_start().starts_with(name), "{line}");
    }
    let sandboxed = read(&[("MEDIA_ALLOWED_ORIGINS", "http://127.0.0.1:9100")]).unwrap();
    assert_eq!(sandboxed.twilio.media_allowed_origins, ["http://127.0.0.1:9100"]);
}

#[test]
fn a_failpoint_needs_a_build_that_has_them() {
    let config = read(&[("FTE_FAILPOINT", "turn.begun:2")]);
    if cfg!(feature = "failpoints") {
        assert_eq!(config.unwrap().failpoint.unwrap().nth, 2);
    } else {
        assert!(config.unwrap_err().to_string().contains("this build has no failpoints"));
    }
}

#[test]
fn fetched_files_are_found_from_the_programs_real_path() {
    // The working directory of tests is the project: only the lookup relative to the program finds a path below target.
    let program = std::env::current_exe().unwrap().canonicalize().unwrap();
    let name = std::path::Path::new(program.file_name().unwrap());
    assert_eq!(locate(name), Ok(program.clone()));
}
