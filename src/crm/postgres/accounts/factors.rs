//! Passwords and second factors of accounts: changed only while what they were checked against still holds.

use deadpool_postgres::{Pool, Transaction};

use super::attempts::forgive_within;
use super::audit;
use crate::crm::port::CrmError;
use crate::domain::accounts::{CheckedCode, SecondFactor, TotpState};
use crate::domain::ids::StaffId;

/// Uses a factor up: a time step counts once, a recovery code too. False if it was used before or belongs to a secret that
/// was replaced, or if there is none and the account needs one.
pub async fn use_factor(
    transaction: &Transaction<'_>,
    staff: StaffId,
    factor: &SecondFactor,
) -> Result<bool, CrmError> {
    let used = match factor {
        SecondFactor::None => {
            let needs_none = "select from staff where id = $1 and totp_secret is null";
            return Ok(transaction.query_opt(needs_none, &[&staff.0]).await?.is_some());
        }
        SecondFactor::Code(code) => {
            let newer = "update staff set totp_last_step = $2
                          where id = $1 and totp_secret = $3 and totp_last_step < $2";
            transaction.execute(newer, &[&staff.0, &code.step, &code.secret]).await?
        }
        SecondFactor::Recovery(digest) => {
            let unused = "update staff_recovery_codes set used_at = now()
                           where staff_id = $1 and code_hash = $2 and used_at is null and not pending";
            transaction.execute(unused, &[&staff.0, &digest.as_slice()]).await?
        }
    };
    Ok(used > 0)
}

pub async fn change_password(
    pool: Pool,
    staff: StaffId,
    old: String,
    new: String,
    attempt: i64,
) -> Result<bool, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let update = "update staff set password_hash = $3, updated_at = now()
                   where id = $1 and password_hash = $2 and active";
    if transaction.execute(update, &[&staff.0, &old, &new]).await? == 0 {
        return Ok(false);
    }
    end_sessions(&transaction, staff).await?;
    forgive_within(&transaction, attempt).await?;
    audit(&transaction, staff, "staff.password_changed", ("staff", &staff.to_string())).await?;
    transaction.commit().await?;
    Ok(true)
}

pub async fn end_sessions(transaction: &Transaction<'_>, staff: StaffId) -> Result<(), CrmError> {
    transaction.execute("delete from staff_sessions where staff_id = $1", &[&staff.0]).await?;
    Ok(())
}

pub async fn totp_state(pool: Pool, staff: StaffId) -> Result<TotpState, CrmError> {
    let client = pool.get().await?;
    let state = "select s.totp_secret is not null as is_on,
                        (select count(*) from staff_recovery_codes c
                          where c.staff_id = s.id and not c.pending and c.used_at is null) as codes
                   from staff s where s.id = $1";
    let row = client.query_one(state, &[&staff.0]).await?;
    let codes: i64 = row.try_get("codes")?;
    let recovery_codes_left = u32::try_from(codes).unwrap_or_default();
    Ok(TotpState { is_on: row.try_get("is_on")?, recovery_codes_left })
}

pub async fn offer_totp(
    pool: Pool,
    staff: StaffId,
    secret: Vec<u8>,
    recovery: Vec<[u8; 32]>,
) -> Result<bool, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let offer = "update staff set totp_pending = $2, updated_at = now()
                  where id = $1 and totp_secret is null and active";
    if transaction.execute(offer, &[&staff.0, &secret]).await? == 0 {
        return Ok(false);
    }
    transaction.execute("delete from staff_recovery_codes where staff_id = $1", &[&staff.0]).await?;
    let codes: Vec<&[u8]> = recovery.iter().map(<[u8; 32]>::as_slice).collect();
    let insert = "insert into staff_recovery_codes (staff_id, code_hash) select $1, unnest($2::bytea[])";
    transaction.execute(insert, &[&staff.0, &codes]).await?;
    audit(&transaction, staff, "staff.totp_offered", ("staff", &staff.to_string())).await?;
    transaction.commit().await?;
    Ok(true)
}

pub async fn confirm_totp(
    pool: Pool,
    staff: StaffId,
    code: CheckedCode,
    attempt: i64,
) -> Result<bool, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let confirm = "update staff
                      set totp_secret = totp_pending, totp_pending = null, totp_last_step = $2, updated_at = now()
                    where id = $1 and totp_pending = $3 and totp_secret is null and active";
    if transaction.execute(confirm, &[&staff.0, &code.step, &code.secret]).await? == 0 {
        return Ok(false);
    }
    let codes = "update staff_recovery_codes set pending = false where staff_id = $1";
    transaction.execute(codes, &[&staff.0]).await?;
    forgive_within(&transaction, attempt).await?;
    audit(&transaction, staff, "staff.totp_on", ("staff", &staff.to_string())).await?;
    transaction.commit().await?;
    Ok(true)
}

pub async fn stop_totp(
    pool: Pool,
    staff: StaffId,
    factor: SecondFactor,
    attempt: i64,
) -> Result<bool, CrmError> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    if !use_factor(&transaction, staff, &factor).await? {
        return Ok(false);
    }
    clear_totp(&transaction, staff).await?;
    forgive_within(&transaction, attempt).await?;
    audit(&transaction, staff, "staff.totp_off", ("staff", &staff.to_string())).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Two-factor authentication is off, with everything that belongs to it. The newest step stays: its code was used.
pub async fn clear_totp(transaction: &Transaction<'_>, staff: StaffId) -> Result<(), CrmError> {
    let clear = "update staff set totp_secret = null, totp_pending = null, updated_at = now() where id = $1";
    transaction.execute(clear, &[&staff.0]).await?;
    transaction.execute("delete from staff_recovery_codes where staff_id = $1", &[&staff.0]).await?;
    Ok(())
}
