//! Roles of a process: which parts of the work it does. All of them by default.

use crate::domain::enums::UnknownVariant;

/// One part of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Accepts messages of customers.
    Intake,
    /// Runs turns.
    Agent,
    /// Sends replies to customers.
    Delivery,
    /// Notifies staff.
    Desk,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Intake, Self::Agent, Self::Delivery, Self::Desk];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Agent => "agent",
            Self::Delivery => "delivery",
            Self::Desk => "desk",
        }
    }
}

/// The roles of a process; at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    pub intake: bool,
    pub agent: bool,
    pub delivery: bool,
    pub desk: bool,
}

impl Roles {
    pub const ALL: Self = Self { intake: true, agent: true, delivery: true, desk: true };

    pub fn has(self, role: Role) -> bool {
        match role {
            Role::Intake => self.intake,
            Role::Agent => self.agent,
            Role::Delivery => self.delivery,
            Role::Desk => self.desk,
        }
    }
}

impl std::str::FromStr for Roles {
    type Err = UnknownVariant;

    /// Parses comma-separated names.
    fn from_str(list: &str) -> Result<Self, UnknownVariant> {
        let names: Vec<&str> = list.split(',').map(str::trim).collect();
        let unknown = names.iter().find(|name| Role::ALL.iter().all(|role| role.as_str() != **name));
        if let Some(unknown) = unknown {
            let expected = Role::ALL.map(Role::as_str).join(", ");
            return Err(UnknownVariant { what: "role", value: (*unknown).to_owned(), expected });
        }
        let has = |role: Role| names.contains(&role.as_str());
        Ok(Self {
            intake: has(Role::Intake),
            agent: has(Role::Agent),
            delivery: has(Role::Delivery),
            desk: has(Role::Desk),
        })
    }
}

impl std::fmt::Display for Roles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> =
            Role::ALL.iter().filter(|role| self.has(**role)).map(|role| role.as_str()).collect();
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_by_name() {
        let some: Roles = "agent, delivery".parse().unwrap();
        assert_eq!(some, Roles { intake: false, agent: true, delivery: true, desk: false });
        assert_eq!(some.to_string(), "agent, delivery");
        assert_eq!("intake,agent,delivery,desk".parse(), Ok(Roles::ALL));
        for wrong in ["", "agents", "agent,,desk"] {
            assert!(wrong.parse::<Roles>().is_err(), "{wrong}");
        }
    }
}
