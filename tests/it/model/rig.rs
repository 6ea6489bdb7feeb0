//! Test fixture: the OpenAI adapter with a fake service, and its requests.

use std::collections::BTreeMap;
use std::time::Duration;

use fte::agent::models::openai::{OpenaiModel, OpenaiSettings, Price, Prices};
use fte::agent::models::prompt::Prompts;
use fte::agent::port::{Exchange, LanguageModel, ModelError, Notices, Request, ToolName};
use fte::clock;
use fte::domain::conversations::turn::{ModelTurn, TicketBrief, Utterance};
use fte::domain::enums::{Category, Channel, Priority, Role};
use fte::domain::knowledge::{Findings, Passage, SearchMode};
use fte::domain::messages::inquiry::TicketNumber;
use fte::fakes::openai::{Act, Asked, FakeOpenai};
use fte::provider::{Account, Timeouts};

use crate::support::wait::LIMIT;

/// A time-out short enough to wait for where a service hangs.
pub const SHORT: Duration = Duration::from_secs(3);

/// Its time-out is longer than any delay of a busy machine.
pub fn adapter(fake: &FakeOpenai, fallback: Option<&str>) -> OpenaiModel {
    adapter_with(fake, fallback, LIMIT)
}

pub fn adapter_with(fake: &FakeOpenai, fallback: Option<&str>, call: Duration) -> OpenaiModel {
    let price = Price { input_micros: 2_500_000, output_micros: 10_000_000 };
    OpenaiModel::new(OpenaiSettings {
        account: Account { base_url: fake.base_url(), key: Some("sk-secret".into()) },
        model: "gpt-4o".to_owned(),
        fallback: fallback.map(str::to_owned),
        timeout: Timeouts { call },
        prices: Prices(BTreeMap::from([("gpt-4o".to_owned(), price)])),
        prompts: Prompts::built_in(),
    })
    .unwrap()
}

/// A fake that performs these acts in order, and repeats the last one.
pub fn in_turn(acts: Vec<Act>) -> FakeOpenai {
    FakeOpenai::start(move |asked: &Asked| {
        let place = usize::try_from(asked.nth).unwrap();
        acts[place.min(acts.len() - 1)].clone()
    })
    .unwrap()
}

pub fn request(exchanges: Vec<Exchange>) -> Request {
    Request {
        channel: Channel::WebForm,
        ticket: TicketBrief {
            id: clock::new_v4().into(),
            number: TicketNumber(1042),
            subject: "Password".to_owned(),
            category: Category::Technical,
            priority: Priority::Medium,
        },
        notices: Notices::default(),
        customer_name: "Ann".to_owned(),
        unanswered: vec![Utterance {
            role: Role::Customer,
            text: "I forgot my password".to_owned(),
            at: time::OffsetDateTime::UNIX_EPOCH,
            attachments: Vec::new(),
            opt_out: None,
            is_unsupported: false,
            unanswered: None,
        }],
        history: Vec::new(),
        instruction: None,
        findings: Findings {
            passages: vec![Passage {
                id: "docs.md#reset".to_owned(),
                title: "Reset".to_owned(),
                section: "Reset".to_owned(),
                text: "Select Forgot password.".to_owned(),
                score: 0.9,
            }],
            relevant: true,
            mode: SearchMode::Hybrid,
        },
        exchanges,
        tools: ToolName::ALL,
    }
}

pub async fn ask(model: &OpenaiModel) -> Result<ModelTurn, ModelError> {
    model.answer(request(Vec::new())).await
}
