//! Data transfer objects of sessions and accounts of staff.

use serde::Serialize;
use utoipa::ToSchema;

use crate::actors::messages::ShownTotp;
use crate::domain::accounts::{StaffMember, TotpState};
use crate::domain::enums::StaffRole;
use crate::domain::ids::StaffId;

/// A login. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    #[schema(min_length = 1, max_length = 254, format = "line")]
    pub email: String,
    #[schema(min_length = 1, max_length = 1_000, format = Password)]
    pub password: String,
    /// Of the authenticator app, or a recovery code; where the account has two-factor authentication.
    #[schema(min_length = 1, max_length = 64, format = "line")]
    pub code: Option<String>,
}

/// A change of the password. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    #[schema(min_length = 1, max_length = 1_000, format = Password)]
    pub current: String,
    #[schema(min_length = 12, max_length = 128, format = Password)]
    pub new: String,
}

/// A code of the authenticator app; to turn two-factor authentication off, a recovery code does too.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpProof {
    #[schema(min_length = 1, max_length = 64, format = "line")]
    pub code: String,
}

/// An empty object. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpRequest {}

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionInfo {
    pub staff: SignedInStaff,
    /// Requests that change something carry it in the header X-CSRF-Token.
    pub csrf_token: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SignedInStaff {
    pub id: StaffId,
    pub name: String,
    pub email: String,
    pub role: StaffRole,
}

/// Whether two-factor authentication is on.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotpStatus {
    pub enabled: bool,
    /// Recovery codes that were not used yet; 0 while it is off.
    pub recovery_codes_left: u32,
}

/// What is shown once when two-factor authentication is set up; it is on after the first code.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotpSecret {
    /// In base 32.
    pub secret: String,
    pub otpauth_url: String,
    /// Each works once, in place of a code.
    pub recovery_codes: Vec<String>,
}

/// A page of the list of accounts, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffList {
    pub items: Vec<StaffAccount>,
    /// The value of `cursor` for the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StaffAccount {
    pub id: StaffId,
    pub name: String,
    pub email: String,
    pub role: StaffRole,
    pub active: bool,
}

impl From<StaffMember> for SignedInStaff {
    fn from(member: StaffMember) -> Self {
        Self { id: member.id, name: member.name, email: member.email, role: member.role }
    }
}

impl From<StaffMember> for StaffAccount {
    fn from(member: StaffMember) -> Self {
        let StaffMember { id, email, name, role, active } = member;
        Self { id, name, email, role, active }
    }
}

impl From<TotpState> for TotpStatus {
    fn from(state: TotpState) -> Self {
        Self { enabled: state.is_on, recovery_codes_left: state.recovery_codes_left }
    }
}

impl From<ShownTotp> for TotpSecret {
    fn from(shown: ShownTotp) -> Self {
        Self { secret: shown.secret, otpauth_url: shown.url, recovery_codes: shown.recovery_codes }
    }
}
