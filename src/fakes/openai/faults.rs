//! Fault injection for the fake OpenAI service: a random seed decides which requests fail, and how.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use super::act::{Act, FakeReply, What};
use super::asked::Asked;
use super::scripts::Script;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FakeFault {
    Busy,
    Broken,
    Overloaded,
    Hang,
    Cut,
    Garbage,
    Slow,
    WrongTool,
    WrongArguments,
    EndlessTools,
}

impl FakeFault {
    pub const ALL: &'static [Self] = &[
        Self::Busy,
        Self::Broken,
        Self::Overloaded,
        Self::Hang,
        Self::Cut,
        Self::Garbage,
        Self::Slow,
        Self::WrongTool,
        Self::WrongArguments,
        Self::EndlessTools,
    ];

    fn act(self, well: Act) -> Act {
        match self {
            Self::Busy => What::busy("1").into(),
            Self::Broken => What::broken().into(),
            Self::Overloaded => What::error(503, "overloaded", "try again later").into(),
            Self::Hang => What::Hang.into(),
            Self::Cut => match well.what {
                What::Say(said) | What::Whole(said) | What::Cut(said) => What::Cut(said).into(),
                What::Refuse { .. } | What::Raw { .. } | What::Garbage | What::Hang => well,
            },
            Self::Garbage => What::Garbage.into(),
            Self::Slow => Act { after: well.after + Duration::from_millis(1_500), ..well },
            Self::WrongTool => FakeReply::default().and_call("delete_customer", "{\"id\": 7}").into(),
            Self::WrongArguments => {
                FakeReply::default().and_call("send_response", "{\"message\": \"Hel").into()
            }
            Self::EndlessTools => FakeReply::default()
                .and_call("search_knowledge_base", "{\"query\": \"more\", \"max_results\": 3}")
                .into(),
        }
    }
}

/// Makes a given percentage of requests fail, and passes the others to a script.
pub struct FaultInjection<S> {
    pub percent: u64,
    pub kinds: Vec<FakeFault>,
    pub seed: u64,
    pub script: S,
}

impl<S: Script> Script for FaultInjection<S> {
    fn act(&self, asked: &Asked) -> Act {
        let mut hasher = DefaultHasher::new();
        (self.seed, asked.nth).hash(&mut hasher);
        let draw = hasher.finish();
        let kinds = u64::try_from(self.kinds.len()).unwrap_or(u64::MAX);
        let well = self.script.act(asked);
        if draw % 100 >= self.percent || kinds == 0 {
            return well;
        }
        let kind = usize::try_from((draw / 100) % kinds).ok().and_then(|place| self.kinds.get(place));
        kind.map_or(well.clone(), |fault| fault.act(well))
    }
}
