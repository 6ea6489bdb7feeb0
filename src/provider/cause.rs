//! What lies behind a failure of a provider, and what an operator can do about it. Pure; providers name the same cause in
//! many ways.

use super::failure::CallFailure;

/// The cause of a failure, as far as its status, code and text tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureReason {
    NoCredit,
    ContextTooLong,
    RateLimited,
    BadKey,
    Forbidden,
    NoModel,
    NoTools,
    WrongUrl,
    Filtered,
    /// The model wrote a tool call that the server could not read.
    UnreadableCall,
    Unreachable,
    Slow,
    Overloaded,
    Other,
}

/// Words in a code or a text, in lower case, and the cause that they name; the first that fits decides.
const NAMED: &[(FailureReason, &[&str])] = &[
    (
        FailureReason::UnreadableCall,
        &[
            "tool_use_failed",
            "failed_generation",
            "failed to parse tool call",
            "error parsing tool call",
            "failed to parse input at pos",
            "tool call validation failed",
            "invalid_tool_call",
        ],
    ),
    (
        FailureReason::ContextTooLong,
        &[
            "context_length_exceeded",
            "exceed_context_size",
            "context_exceeded",
            "maximum context length",
            "context length",
            "context size",
            "context window",
            "prompt is too long",
            "prompt too long",
            "too many tokens",
            "input is too long",
            "input length and",
            "reduce the length of",
        ],
    ),
    (
        FailureReason::NoCredit,
        &[
            "insufficient_quota",
            "insufficient_user_quota",
            "insufficient quota",
            "insufficient balance",
            "insufficient_balance",
            "insufficient credit",
            "insufficient_credit",
            "insufficient funds",
            "no credit",
            "not enough credit",
            "more credits",
            "out of credit",
            "credit balance",
            "billing_hard_limit",
            "billing_not_active",
            "payment required",
            "payment_required",
            "arrearage",
        ],
    ),
    (
        FailureReason::Filtered,
        &[
            "content_filter",
            "content_policy",
            "responsibleaipolicy",
            "data_inspection_failed",
            "content management policy",
            "safety system",
        ],
    ),
    (
        FailureReason::NoTools,
        &[
            "does not support tools",
            "support tool use",
            "tools are not supported",
            "tools is not supported",
            "does not support function",
            "tools param requires --jinja",
            "--enable-auto-tool-choice",
            "tool calling is not supported",
        ],
    ),
    (
        FailureReason::BadKey,
        &[
            "invalid_api_key",
            "incorrect api key",
            "invalid api key",
            "api key not valid",
            "authentication_error",
        ],
    ),
    (
        FailureReason::NoModel,
        &[
            "model_not_found",
            "model not found",
            "no such model",
            "try pulling it first",
            "does not exist or you do not have access",
            "is not a valid model",
            "invalid model",
            "model_not_exist",
            "unknown model",
            "model does not exist",
        ],
    ),
    (FailureReason::RateLimited, &["rate_limit", "rate limit", "ratelimit", "too many requests", "throttl"]),
    (
        FailureReason::Overloaded,
        &["overloaded", "unavailable", "loading model", "is currently loading", "no available server"],
    ),
];

impl FailureReason {
    /// Whether the same call may succeed later.
    pub(super) fn may_pass(self) -> bool {
        match self {
            Self::NoCredit | Self::ContextTooLong | Self::NoTools | Self::Filtered | Self::UnreadableCall => {
                false
            }
            Self::RateLimited
            | Self::BadKey
            | Self::Forbidden
            | Self::NoModel
            | Self::WrongUrl
            | Self::Unreachable
            | Self::Slow
            | Self::Overloaded
            | Self::Other => true,
        }
    }

    /// The cause that a code or a text names, in lower case.
    pub(super) fn named(text: &str) -> Option<Self> {
        let (reason, _) = NAMED.iter().find(|(_, words)| words.iter().any(|word| text.contains(word)))?;
        Some(*reason)
    }

    /// The status that providers give for it.
    pub(super) const fn usual_status(self) -> u16 {
        match self {
            Self::NoCredit => 402,
            Self::ContextTooLong | Self::NoTools | Self::Filtered | Self::UnreadableCall => 400,
            Self::RateLimited => 429,
            Self::BadKey => 401,
            Self::Forbidden => 403,
            Self::NoModel | Self::WrongUrl => 404,
            Self::Slow => 504,
            Self::Overloaded | Self::Unreachable => 503,
            Self::Other => 502,
        }
    }

    /// What to do about it, for operators.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::NoCredit => "the account has no credit left: top it up, or check its spending limit",
            Self::ContextTooLong => {
                "the conversation is longer than the model can read: use a model with a larger context, or start its \
                 server with one"
            }
            Self::RateLimited => {
                "the account sends too much at once: raise its limit, or lower AGENT_POOL_SIZE"
            }
            Self::BadKey => "check OPENAI_API_KEY",
            Self::Forbidden => "check that OPENAI_API_KEY may use this model",
            Self::NoModel => "check OPENAI_MODEL: the service does not know this model",
            Self::NoTools => {
                "the model can't call tools, or its server must be started so that it can: check OPENAI_MODEL"
            }
            Self::WrongUrl => "check OPENAI_BASE_URL: it usually ends in /v1",
            Self::Filtered => "the service refuses this content: a person takes over",
            Self::UnreadableCall => "the model calls tools wrongly: choose a model that is better at it",
            Self::Unreachable => "check OPENAI_BASE_URL, and that the service runs",
            Self::Slow => "raise OPENAI_TIMEOUT_SECONDS, or use a faster model",
            Self::Overloaded => "wait until the service works again; OPENAI_FALLBACK_MODEL helps meanwhile",
            Self::Other => "see what the service says, and its log",
        }
    }
}

impl CallFailure {
    pub fn cause(&self) -> FailureReason {
        match self {
            Self::Status { status, code, message, .. } => of_status(*status, code, message),
            Self::Connection(_) => FailureReason::Unreachable,
            Self::TimedOut => FailureReason::Slow,
            Self::Broken(_) | Self::Resting { .. } => FailureReason::Overloaded,
            Self::NotAnApi(_) => FailureReason::WrongUrl,
            Self::Filtered => FailureReason::Filtered,
        }
    }

    /// What an operator can do about it.
    pub fn advice(&self) -> &'static str {
        self.cause().advice()
    }
}

fn of_status(status: u16, code: &str, message: &str) -> FailureReason {
    let text = format!("{code} {message}").to_lowercase();
    if let Some(named) = FailureReason::named(&text) {
        return named;
    }
    match status {
        401 => FailureReason::BadKey,
        402 => FailureReason::NoCredit,
        403 => FailureReason::Forbidden,
        404 if text.contains("model") => FailureReason::NoModel,
        400 | 422 if is_model_missing(&text) => FailureReason::NoModel,
        300..=399 | 404 | 405 => FailureReason::WrongUrl,
        408 | 504 | 524 => FailureReason::Slow,
        413 => FailureReason::ContextTooLong,
        429 => FailureReason::RateLimited,
        500.. => FailureReason::Overloaded,
        0..=299 | 400 | 406 | 407 | 409..=412 | 414..=428 | 430..=499 => FailureReason::Other,
    }
}

/// "model 'x' not found": the name is between the words.
fn is_model_missing(text: &str) -> bool {
    let after = text.split_once("model").map_or("", |(_, after)| after);
    ["not found", "not exist", "doesn't exist", "is not available", "not served"]
        .iter()
        .any(|words| after.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_cause_is_known_by_many_names() {
        use FailureReason as R;
        let cases = [
            (429, "insufficient_quota", "You exceeded your current quota", R::NoCredit),
            (402, "", "Insufficient Balance", R::NoCredit),
            (402, "", "This request requires more credits, or fewer max_tokens.", R::NoCredit),
            (400, "context_length_exceeded", "", R::ContextTooLong),
            (500, "", "Context size has been exceeded.", R::ContextTooLong),
            (400, "exceed_context_size_error", "request (4390 tokens) exceeds it", R::ContextTooLong),
            (400, "", "registry.ollama.ai/library/gemma does not support tools", R::NoTools),
            (404, "", "No endpoints found that support tool use.", R::NoTools),
            (400, "", "\"auto\" tool choice requires --enable-auto-tool-choice", R::NoTools),
            (404, "", "model \"llama9\" not found, try pulling it first", R::NoModel),
            (400, "invalid_request_error", "model 'gpt-4o' not found", R::NoModel),
            (400, "", "The model `gpt-9` does not exist", R::NoModel),
            (400, "", "parameter x not found in this model", R::Other),
            (404, "", "Unexpected endpoint or method. (POST /chat/completions)", R::WrongUrl),
            (404, "", "404 page not found", R::WrongUrl),
            (401, "", "", R::BadKey),
            (429, "", "Rate limit exceeded: free-models-per-day", R::RateLimited),
            (503, "", "Loading model", R::Overloaded),
            (400, "tool_use_failed", "Failed to call a function.", R::UnreadableCall),
            (500, "", "error parsing tool call: raw='x'", R::UnreadableCall),
            (418, "", "", R::Other),
        ];
        for (status, code, message, expected) in cases {
            assert_eq!(of_status(status, code, message), expected, "{status} {code} {message}");
        }
    }
}
