//! Who calls the MCP server: one customer, or a member of staff. It follows from the token alone, never from arguments.

use crate::domain::accounts::{SERVICE_ACCOUNT, TokenHolder};
use crate::domain::enums::{AccessScope, StaffRole};
use crate::domain::ids::{CustomerId, StaffId};

/// The holder of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct McpCaller {
    /// The account that the audit log names.
    pub acts_as: StaffId,
    pub role: StaffRole,
    pub rights: CallerRights,
}

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerRights {
    /// This customer's data, and nothing else.
    Customer(CustomerId),
    /// Every conversation, to read.
    Reader,
    /// Every conversation, to read and to act in.
    Staff,
}

impl McpCaller {
    /// `None` for a token whose scopes open nothing here.
    pub fn new(
        (acts_as, role): (StaffId, StaffRole),
        customer: Option<CustomerId>,
        has_scope: impl Fn(AccessScope) -> bool,
    ) -> Option<Self> {
        let rights = match customer {
            Some(customer) => CallerRights::Customer(customer),
            None if has_scope(AccessScope::Staff) => CallerRights::Staff,
            None if has_scope(AccessScope::Read) => CallerRights::Reader,
            None => return None,
        };
        Some(Self { acts_as, role, rights })
    }

    pub fn of_token(holder: &TokenHolder) -> Option<Self> {
        Self::new((holder.member.id, holder.member.role), holder.customer, |scope| {
            holder.scopes.contains(&scope)
        })
    }

    /// The holder of FTE_API_TOKEN.
    pub fn service() -> Self {
        Self { acts_as: SERVICE_ACCOUNT, role: StaffRole::Admin, rights: CallerRights::Staff }
    }

    pub fn customer(&self) -> Option<CustomerId> {
        match self.rights {
            CallerRights::Customer(customer) => Some(customer),
            CallerRights::Reader | CallerRights::Staff => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn rights(customer: Option<CustomerId>, scopes: &[AccessScope]) -> Option<CallerRights> {
        let caller =
            McpCaller::new((SERVICE_ACCOUNT, StaffRole::Agent), customer, |scope| scopes.contains(&scope));
        caller.map(|caller| caller.rights)
    }

    #[test]
    fn a_customers_token_never_gets_the_rights_of_its_scopes() {
        let customer = CustomerId(Uuid::from_u128(7));
        let all = AccessScope::ALL;
        assert_eq!(rights(Some(customer), all), Some(CallerRights::Customer(customer)));
        assert_eq!(rights(Some(customer), &[]), Some(CallerRights::Customer(customer)));
        assert_eq!(rights(None, all), Some(CallerRights::Staff));
        assert_eq!(rights(None, &[AccessScope::Read]), Some(CallerRights::Reader));
        for scope in [AccessScope::Ops, AccessScope::Ingest] {
            assert_eq!(rights(None, &[scope]), None, "{scope}");
        }
    }
}
