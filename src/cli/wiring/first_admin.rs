//! The account that the first start creates, so that staff can sign in.

use crate::accounts::{password, secret};
use crate::clock;
use crate::crm::port::{AccountAdmin, Accounts};
use crate::crm::postgres::PgStore;
use crate::domain::accounts::{FIRST_ADMIN, NewStaff, SERVICE_ACCOUNT};
use crate::domain::enums::StaffRole;

/// Creates the account if there is none, and prints its password: this once, and whatever the log level.
pub async fn ensure(store: &PgStore) -> anyhow::Result<()> {
    if store.members().await?.iter().any(|member| member.id != SERVICE_ACCOUNT) {
        return Ok(());
    }
    let generated = secret::generated_password();
    let admin = NewStaff {
        id: clock::new_v7().into(),
        email: FIRST_ADMIN.to_owned(),
        name: "Admin".to_owned(),
        role: StaffRole::Admin,
        password_hash: password::hash(&generated)?,
    };
    // Of several processes that start at once, one creates it.
    if store.add_first_staff(admin).await? {
        eprintln!(
            "staff sign in at /console/login; the first account is {FIRST_ADMIN} with the password {generated}"
        );
    }
    Ok(())
}
