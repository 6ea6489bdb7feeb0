//! Problem documents (RFC 9457) for every refusal. Internal causes go to the log only, never into the document.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpResponse, ResponseError};

use super::principal::AccessScope;
use crate::actors::runtime::ask::CallError;
use crate::domain::validation::{FieldError, InvalidForm};
use crate::http::api::conversations::StaffMessage;
use crate::http::api::people::Person;
use crate::http::api::problem::{FieldProblem, ProblemDocument};

/// The media type of problem documents.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// `Retry-After` of a full queue: a queue that has not drained within a second is unlikely to.
const AFTER_OVERLOAD: Duration = Duration::from_secs(1);
/// `Retry-After` of an unavailable database: about the time of its restart.
const AFTER_OUTAGE: Duration = Duration::from_secs(5);
/// `Retry-After` of a ticket whose messages wait for an answer.
const AFTER_FULL_TICKET: Duration = Duration::from_secs(60);
/// `Retry-After` of a stream over the limit: pages are closed at any time.
const AFTER_STREAMS: Duration = Duration::from_secs(10);
/// `Retry-After` of a disabled channel, which has to be configured first.
const SWITCHED_OFF: Duration = Duration::from_secs(300);

/// Why a request was refused or failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    status: StatusCode,
    /// Which of the refusals with this status it is, for programs.
    code: Option<&'static str>,
    detail: Cow<'static, str>,
    errors: Box<[FieldError]>,
    context: Option<Box<ProblemContext>>,
    remark: Option<Box<Remark>>,
    /// For the log only.
    cause: Option<Box<str>>,
}

/// What a refusal of an action of staff tells beside its reason.
#[derive(Clone, Debug, PartialEq)]
enum ProblemContext {
    Assignee(Person),
    Unseen(Vec<StaffMessage>),
}

/// A response header that belongs to a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Remark {
    Allow(HeaderValue),
    Authenticate,
    RetryAfterSeconds(u64),
    AcceptUncompressed,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code: None,
            detail: detail.into(),
            errors: Box::default(),
            context: None,
            remark: None,
            cause: None,
        }
    }

    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = "Some fields are not valid; `errors` names each of them.";
        Self { errors: errors.into_boxed_slice(), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail) }
    }

    pub fn malformed(reason: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("The body is not valid JSON: {reason}."))
    }

    /// The same for a ticket that does not exist and an invalid id.
    pub fn no_ticket() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is no such ticket.")
    }

    /// A refusal that programs tell from others by its code.
    pub fn coded(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code: Some(code), ..Self::new(status, detail) }
    }

    /// The ticket was closed so long ago that its page is gone.
    pub fn expired_ticket() -> Self {
        Self::coded(
            StatusCode::NOT_FOUND,
            "ticket_expired",
            "This ticket was closed long ago; its page has expired.",
        )
    }

    /// It opens only to a browser in which its customer has proved the address.
    pub fn proof_required() -> Self {
        let detail = "This needs a proved e-mail address; ask for a code.";
        Self::coded(StatusCode::FORBIDDEN, "proof_required", detail)
    }

    pub fn ticket_closed() -> Self {
        let detail = "This ticket is closed and takes no more messages; please submit a new request.";
        Self::coded(StatusCode::CONFLICT, "ticket_closed", detail)
    }

    /// A colleague has the conversation.
    pub fn claimed(assignee: Person) -> Self {
        let detail = format!("{} has this conversation.", assignee.name);
        let context = Some(Box::new(ProblemContext::Assignee(assignee)));
        Self { context, ..Self::coded(StatusCode::CONFLICT, "claimed", detail) }
    }

    /// There are newer messages than the author has seen.
    pub fn unseen(messages: Vec<StaffMessage>) -> Self {
        let detail = "There are newer messages than the one that you have seen.";
        let context = Some(Box::new(ProblemContext::Unseen(messages)));
        Self { context, ..Self::coded(StatusCode::CONFLICT, "unseen_messages", detail) }
    }

    pub fn too_many_streams() -> Self {
        let detail = "Too many event streams are open from your address, or for your account.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, detail).retry_after(AFTER_STREAMS)
    }

    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "A session or a valid bearer token is required.")
            .remark(Remark::Authenticate)
    }

    /// Wrong, unknown or disabled: the same to whoever asks.
    pub fn refused_login() -> Self {
        let detail = "The e-mail address or the password is wrong.";
        Self::new(StatusCode::UNAUTHORIZED, detail).remark(Remark::Authenticate)
    }

    /// The password is right and the second factor is missing, or wrong.
    pub fn second_factor(code: &'static str) -> Self {
        Self::coded(StatusCode::UNAUTHORIZED, code, "A valid code of the second factor is required.")
            .remark(Remark::Authenticate)
    }

    pub fn throttled(wait: Duration) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many attempts have failed; please wait.")
            .retry_after(wait)
    }

    /// The request may have been made by a page of another site.
    pub fn forged() -> Self {
        Self::coded(StatusCode::FORBIDDEN, "csrf", "The header X-CSRF-Token is missing or wrong.")
    }

    /// The endpoint is for people who have signed in.
    pub fn no_session() -> Self {
        Self::coded(StatusCode::FORBIDDEN, "session_required", "This needs a session; a token does not do.")
    }

    pub fn wrong_method(allow: HeaderValue) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This address does not take that method.")
            .remark(Remark::Allow(allow))
    }

    /// The principal is authenticated but not authorised for this endpoint.
    pub fn missing_scope(scope: AccessScope) -> Self {
        Self::new(StatusCode::FORBIDDEN, format!("This needs the scope `{scope}`."))
    }

    /// The endpoint is for admins.
    pub fn not_admin() -> Self {
        Self::coded(StatusCode::FORBIDDEN, "admin_required", "This needs the role `admin`.")
    }

    /// The request's signature is missing or wrong.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "The signature is missing or wrong.")
    }

    /// The channel is not configured.
    pub fn switched_off() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "This channel is not configured.")
            .retry_after(SWITCHED_OFF)
    }

    /// A request can't be checked at present.
    pub fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "The request can't be checked at present.")
            .retry_after(AFTER_OVERLOAD)
    }

    pub fn too_many(wait: Duration) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many submissions from your address; please wait a little.",
        )
        .retry_after(wait)
    }

    pub fn too_many_calls(wait: Duration) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests with this token; please wait a little.")
            .retry_after(wait)
    }

    pub fn too_many_for_ticket(wait: Duration) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many messages to this ticket; please wait a little.")
            .retry_after(wait)
    }

    /// Many messages of a ticket wait for an answer.
    pub fn ticket_full() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "Many messages of this ticket wait for an answer already; please write again after it.",
        )
        .retry_after(AFTER_FULL_TICKET)
    }

    /// An internal error; `cause` is logged.
    pub fn internal(cause: impl Into<String>) -> Self {
        let detail = "Something went wrong on our side; please try again later.";
        Self {
            cause: Some(cause.into().into_boxed_str()),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
        }
    }

    fn overloaded(cause: &CallError) -> Self {
        Self {
            cause: Some(cause.to_string().into_boxed_str()),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "Too busy at the moment; please try again.")
        }
    }

    pub fn is_internal(&self) -> bool {
        self.status == StatusCode::INTERNAL_SERVER_ERROR
    }

    /// The cause for the log.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    fn remark(mut self, remark: Remark) -> Self {
        self.remark = Some(Box::new(remark));
        self
    }

    fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.remark(Remark::RetryAfterSeconds(seconds.max(1)))
    }

    /// Bodies must not be compressed (RFC 9110, 12.5.3).
    pub fn accept_uncompressed(self) -> Self {
        self.remark(Remark::AcceptUncompressed)
    }

    /// The document; `instance` is the requested path.
    pub fn document(&self, instance: &str) -> String {
        let document = ProblemDocument {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            code: self.code,
            detail: &self.detail,
            instance,
            errors: self.errors.iter().map(FieldProblem::from).collect(),
            assignee: match self.context.as_deref() {
                Some(ProblemContext::Assignee(assignee)) => Some(assignee),
                Some(ProblemContext::Unseen(_)) | None => None,
            },
            unseen: match self.context.as_deref() {
                Some(ProblemContext::Unseen(messages)) => Some(messages),
                Some(ProblemContext::Assignee(_)) | None => None,
            },
        };
        serde_json::to_string(&document).unwrap_or_default()
    }

    /// Adds the headers that belong to this problem.
    pub fn head(&self, headers: &mut HeaderMap) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        let (name, value) = match self.remark.as_deref() {
            Some(Remark::Allow(methods)) => (header::ALLOW, methods.clone()),
            Some(Remark::Authenticate) => (header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            Some(Remark::RetryAfterSeconds(seconds)) => (header::RETRY_AFTER, (*seconds).into()),
            Some(Remark::AcceptUncompressed) => {
                (header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))
            }
            None => return,
        };
        headers.insert(name, value);
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, self.detail)
    }
}

/// `render_reply` writes the document, because only it has the path.
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status)
    }
}

impl From<InvalidForm> for Problem {
    fn from(invalid: InvalidForm) -> Self {
        match invalid {
            InvalidForm::Malformed(reason) => Self::malformed(&reason),
            InvalidForm::Invalid(errors) => Self::invalid(errors),
        }
    }
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        match &error {
            CallError::Busy | CallError::Closed | CallError::TimedOut => {
                Self::overloaded(&error).retry_after(AFTER_OVERLOAD)
            }
            CallError::Crm(_) if error.may_pass() => Self::overloaded(&error).retry_after(AFTER_OUTAGE),
            CallError::Crm(_) => Self::internal(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_errors_only_where_fields_are_wrong() {
        assert_eq!(
            Problem::no_ticket().document("/support/ticket"),
            r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no such ticket.","instance":"/support/ticket"}"#
        );
        let invalid = Problem::invalid(vec![FieldError::new("name", "is required")]);
        assert!(invalid.document("/").ends_with(r#""errors":[{"field":"name","message":"is required"}]}"#));
    }

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        for (wait_ms, seconds) in [(0, 1), (1, 1), (1000, 1), (1001, 2)] {
            let problem = Problem::too_many(Duration::from_millis(wait_ms));
            assert_eq!(problem.remark.as_deref(), Some(&Remark::RetryAfterSeconds(seconds)), "{wait_ms} ms");
        }
    }
}
