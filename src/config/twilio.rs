//! Settings of WhatsApp through Twilio: account, API, and allowed origins of media.

use secrecy::SecretString;

use super::Environment;
use super::reader::Reader;
use crate::domain::customers::contact::Phone;

/// Messages per second that Twilio accepts from one WhatsApp sender, unless agreed otherwise.
const MESSAGES_PER_SECOND: f64 = 80.0;
const API_BASE_URL: &str = "https://api.twilio.com";

#[derive(Clone, Debug)]
pub struct TwilioConfig {
    /// `None` means a sandbox in development, and switched off in production.
    pub account: Option<TwilioAccount>,
    /// Without a trailing slash; `None` means Twilio's own, or the sandbox's without an account.
    pub api_base_url: Option<String>,
    pub messages_per_second: f64,
    /// The template to send outside the 24-hour window.
    pub template: Option<TemplateConfig>,
    /// Exact origins that are exempt from the ban on private addresses.
    pub media_allowed_origins: Vec<String>,
    /// Where fetched files are kept; `None` means a folder in the data directory.
    pub media_path: Option<std::path::PathBuf>,
}

#[derive(Clone, Debug)]
pub struct TwilioAccount {
    pub sid: String,
    /// `TWILIO_AUTH_TOKEN` authenticates our own requests; webhooks are accepted with either token.
    pub token: SecretString,
    pub secondary_token: Option<SecretString>,
    pub number: Phone,
}

/// An approved template and the values of its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateConfig {
    pub content_sid: String,
    /// A JSON object of texts, with `{text}`, `{name}` and `{ticket}` as placeholders.
    pub variables: String,
}

impl TwilioConfig {
    pub fn api_base_url(&self) -> &str {
        self.api_base_url.as_deref().unwrap_or(API_BASE_URL)
    }
}

pub(super) fn read(reader: &mut Reader<'_>, environment: Environment) -> TwilioConfig {
    TwilioConfig {
        account: account(reader),
        api_base_url: reader.parse("TWILIO_API_BASE_URL", "a URL such as https://api.twilio.com", base_url),
        messages_per_second: reader
            .parse("TWILIO_MESSAGES_PER_SECOND", "a number above 0, up to 1000", |value| {
                value.parse().ok().filter(|rate: &f64| *rate > 0.0 && *rate <= 1000.0)
            })
            .unwrap_or(MESSAGES_PER_SECOND),
        template: template(reader),
        media_allowed_origins: super::http::private_origins(reader, "MEDIA_ALLOWED_ORIGINS", environment),
        media_path: reader.text("MEDIA_PATH").map(Into::into),
    }
}

fn account(reader: &mut Reader<'_>) -> Option<TwilioAccount> {
    let sid = reader.parse("TWILIO_ACCOUNT_SID", "an account's id, AC and 32 digits", |value| {
        (value.len() <= 64 && value.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            .then(|| value.to_owned())
    });
    let token = reader.secret("TWILIO_AUTH_TOKEN");
    let secondary_token = reader.secret("TWILIO_AUTH_TOKEN_SECONDARY");
    let number = reader.parse("TWILIO_WHATSAPP_NUMBER", "a phone number such as +14155238886", |value| {
        Phone::normalise(value.strip_prefix("whatsapp:").unwrap_or(value)).ok()
    });
    let given = [
        ("TWILIO_ACCOUNT_SID", sid.is_some()),
        ("TWILIO_AUTH_TOKEN", token.is_some()),
        ("TWILIO_WHATSAPP_NUMBER", number.is_some()),
    ];
    if let (Some(sid), Some(token), Some(number)) = (sid, token, number) {
        return Some(TwilioAccount { sid, token, secondary_token, number });
    }
    // An incomplete account is a mistake: the channel would silently be a sandbox, or off.
    if let Some((present, _)) = given.iter().find(|(_, given)| *given) {
        for (name, is_given) in given {
            if !is_given && reader.text(name).is_none() {
                reader.wrong(name, None, format!("a value, because {present} is set"));
            }
        }
    }
    None
}

fn template(reader: &mut Reader<'_>) -> Option<TemplateConfig> {
    let variables = reader.parse(
        "TWILIO_TEMPLATE_VARIABLES",
        r#"a JSON object of texts such as {"1":"{ticket}","2":"{text}"}"#,
        |value| {
            let texts: std::collections::BTreeMap<String, String> = serde_json::from_str(value).ok()?;
            (!texts.is_empty()).then(|| value.to_owned())
        },
    );
    let content_sid = reader.text("TWILIO_TEMPLATE_SID")?;
    Some(TemplateConfig {
        content_sid,
        variables: variables.unwrap_or_else(|| r#"{"1":"{text}"}"#.to_owned()),
    })
}

fn base_url(value: &str) -> Option<String> {
    super::http::parse_base_url(value)
}
