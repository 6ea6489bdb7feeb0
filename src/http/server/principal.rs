//! Access control: the principal that a request acts for, and the scopes that endpoints ask of it (API-STAFF.md,
//! section 2).

use std::fmt;

use uuid::Uuid;

use crate::domain::ids::StaffId;

/// The account of the holder of FTE_API_TOKEN.
const SERVICE_ACCOUNT: StaffId = StaffId(Uuid::from_u128(1));

/// The identity that an authenticated request acts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub kind: PrincipalKind,
    pub id: StaffId,
    pub role: StaffRole,
    pub scopes: Scopes,
}

impl Principal {
    /// The built-in `service` principal of FTE_API_TOKEN.
    pub fn service() -> Self {
        Self {
            kind: PrincipalKind::Service,
            id: SERVICE_ACCOUNT,
            role: StaffRole::Admin,
            scopes: Scopes::all(),
        }
    }
}

/// How a principal has authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrincipalKind {
    /// By FTE_API_TOKEN.
    Service,
}

/// The permissions of an account beyond the daily work of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffRole {
    Agent,
    /// Also audit, webhooks, approvals, export and erasure.
    Admin,
}

/// A set of endpoints that a credential gives access to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessScope {
    /// Reading what staff may see.
    Read,
    /// Everything that staff do, reading included.
    Staff,
    /// Metrics and the operation of the process.
    Ops,
    /// Proposals for the knowledge base.
    Ingest,
}

impl AccessScope {
    pub const ALL: &'static [Self] = &[Self::Read, Self::Staff, Self::Ops, Self::Ingest];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Staff => "staff",
            Self::Ops => "ops",
            Self::Ingest => "ingest",
        }
    }
}

impl fmt::Display for AccessScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The scopes of a principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Vec<AccessScope>);

impl Scopes {
    pub fn new(scopes: impl IntoIterator<Item = AccessScope>) -> Self {
        Self(scopes.into_iter().collect())
    }

    pub fn all() -> Self {
        Self::new(AccessScope::ALL.iter().copied())
    }

    /// Whether they give access to an endpoint that requires `scope`. `staff` includes `read`.
    pub fn include(&self, scope: AccessScope) -> bool {
        self.0.contains(&scope) || (scope == AccessScope::Read && self.0.contains(&AccessScope::Staff))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn included(scopes: &[AccessScope]) -> Vec<AccessScope> {
        let scopes = Scopes::new(scopes.iter().copied());
        AccessScope::ALL.iter().copied().filter(|scope| scopes.include(*scope)).collect()
    }

    #[test]
    fn staff_includes_read_and_nothing_else_includes_anything() {
        assert_eq!(included(&[AccessScope::Staff]), [AccessScope::Read, AccessScope::Staff]);
        for scope in [AccessScope::Read, AccessScope::Ops, AccessScope::Ingest] {
            assert_eq!(included(&[scope]), [scope]);
        }
        assert_eq!(included(&[]), []);
    }

    #[test]
    fn the_service_account_is_an_admin_with_every_scope() {
        let service = Principal::service();
        assert_eq!((service.kind, service.role), (PrincipalKind::Service, StaffRole::Admin));
        assert!(AccessScope::ALL.iter().all(|scope| service.scopes.include(*scope)));
    }
}
