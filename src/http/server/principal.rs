//! Access control: the principal that a request acts for, and the scopes that endpoints ask of it (API-STAFF.md,
//! section 2).

use crate::domain::accounts::{SERVICE_ACCOUNT, StaffMember, TokenHolder};
use crate::domain::ids::{CustomerId, StaffId};
use crate::mcp::McpCaller;

pub use crate::domain::enums::{AccessScope, StaffRole};

/// The identity that an authenticated request acts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub kind: PrincipalKind,
    pub id: StaffId,
    pub role: StaffRole,
    pub scopes: Scopes,
    /// The customer whose data alone a token shows.
    pub customer: Option<CustomerId>,
}

impl Principal {
    /// The built-in `service` principal of FTE_API_TOKEN.
    pub fn service() -> Self {
        Self {
            kind: PrincipalKind::Service,
            id: SERVICE_ACCOUNT,
            role: StaffRole::Admin,
            scopes: Scopes::all(),
            customer: None,
        }
    }
}

impl Principal {
    /// Whoever has signed in. Agents do the daily work of staff; the operation of the process is the admins'.
    pub fn of_session(member: &StaffMember) -> Self {
        let scopes = match member.role {
            StaffRole::Agent => Scopes::new([AccessScope::Read, AccessScope::Staff, AccessScope::Ingest]),
            StaffRole::Admin => Scopes::all(),
        };
        Self { kind: PrincipalKind::Session, id: member.id, role: member.role, scopes, customer: None }
    }

    /// A program. A token for one customer's data opens nothing but the MCP server.
    pub fn of_token(holder: TokenHolder) -> Self {
        let scopes = if holder.customer.is_some() { Vec::new() } else { holder.scopes };
        Self {
            kind: PrincipalKind::Token,
            id: holder.member.id,
            role: holder.member.role,
            scopes: Scopes::new(scopes),
            customer: holder.customer,
        }
    }

    /// As the MCP server sees it; `None` for whoever it is closed to.
    pub fn caller(&self) -> Option<McpCaller> {
        match self.kind {
            PrincipalKind::Service | PrincipalKind::Token => {
                McpCaller::new((self.id, self.role), self.customer, |scope| self.scopes.include(scope))
            }
            PrincipalKind::Session => None,
        }
    }
}

/// How a principal has authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrincipalKind {
    /// By FTE_API_TOKEN.
    Service,
    /// By the cookie of a session.
    Session,
    /// By a token of a program.
    Token,
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
