//! Changes between a check and what rests on it: the secret of a code, and the account of a token.

use fte::accounts::secret;
use fte::clock;
use fte::crm::port::{AccountAdmin, Accounts};
use fte::crm::postgres::PgStore;
use fte::domain::accounts::{
    AttemptStart, CheckedCode, Claimant, Credentials, NewSession, NewStaff, NewToken, SecondFactor,
};
use fte::domain::enums::{AccessScope, StaffRole};
use fte::domain::ids::StaffId;

use crate::support::postgres::{client, fresh_database};
use crate::support::records::store;
use crate::support::verdict::count;

const EMAIL: &str = "ann@example.com";

async fn account(store: &PgStore) -> StaffId {
    let id = clock::new_v7().into();
    let (email, password_hash) = (EMAIL.to_owned(), "hash".to_owned());
    let staff = NewStaff { id, email, name: "Ann Lee".to_owned(), role: StaffRole::Agent, password_hash };
    assert!(store.add_staff(staff).await.unwrap());
    id
}

/// An attempt of the account, and what is stored of it.
async fn attempt(store: &PgStore, staff: StaffId) -> (i64, Credentials) {
    let begun = store.begin_attempt(Claimant::Account(staff), "127.0.0.1".to_owned()).await.unwrap();
    let AttemptStart::Begun { attempt, credentials: Some(credentials) } = begun else {
        panic!("{begun:?}");
    };
    (attempt, credentials)
}

async fn offer(store: &PgStore, staff: StaffId, secret: u8) {
    assert!(store.offer_totp(staff, vec![secret; 20], vec![[secret; 32]]).await.unwrap());
}

fn code(secret: u8, step: i64) -> CheckedCode {
    CheckedCode { secret: vec![secret; 20], step }
}

#[tokio::test]
async fn a_code_turns_on_the_secret_that_it_was_checked_against_and_no_other() {
    let url = fresh_database().await;
    let store = store(&url);
    let ann = account(&store).await;
    offer(&store, ann, 1).await;
    let (id, checked) = attempt(&store, ann).await;
    assert_eq!(checked.totp_pending, Some(vec![1; 20]));

    // Another secret is shown after the code of the first one was checked.
    offer(&store, ann, 2).await;
    assert!(!store.confirm_totp(ann, code(1, 7), id).await.unwrap());
    assert_eq!(attempt(&store, ann).await.1.totp_secret, None, "neither is on");

    assert!(store.confirm_totp(ann, code(2, 7), id).await.unwrap());
    let (_, on) = attempt(&store, ann).await;
    assert_eq!((on.totp_secret, on.totp_pending), (Some(vec![2; 20]), None));
    let unused = "select count(*) from staff_recovery_codes where not pending and used_at is null";
    assert_eq!(count(&client(&url).await, unused).await, 1, "the codes of the first secret are gone");
}

#[tokio::test]
async fn a_code_of_a_secret_that_was_replaced_opens_nothing_and_turns_nothing_off() {
    let url = fresh_database().await;
    let store = store(&url);
    let ann = account(&store).await;
    for secret in [1, 2] {
        offer(&store, ann, secret).await;
        let (id, _) = attempt(&store, ann).await;
        assert!(store.confirm_totp(ann, code(secret, 7), id).await.unwrap());
        if secret == 1 {
            assert!(store.stop_totp(ann, SecondFactor::Recovery([1; 32]), id).await.unwrap());
        }
    }
    let (id, _) = attempt(&store, ann).await;
    let session = |factor| NewSession {
        attempt: id,
        staff: ann,
        password_hash: "hash".to_owned(),
        factor,
        session: [9; 32],
        replaces: None,
    };
    let old = [SecondFactor::Code(code(1, 8)), SecondFactor::Recovery([1; 32]), SecondFactor::None];
    for factor in old {
        assert!(!store.open_session(session(factor.clone())).await.unwrap(), "{factor:?}");
        assert!(factor == SecondFactor::None || !store.stop_totp(ann, factor, id).await.unwrap());
    }
    assert_eq!(store.session([9; 32]).await.unwrap(), None);
    assert!(store.open_session(session(SecondFactor::Code(code(2, 8)))).await.unwrap());
}

#[tokio::test]
async fn an_account_that_was_disabled_meanwhile_gets_no_token() {
    let url = fresh_database().await;
    let store = store(&url);
    let ann = account(&store).await;
    let token = || {
        let digest = secret::digest("fte_1");
        NewToken {
            id: clock::new_v7().into(),
            name: "program".to_owned(),
            prefix: "fte_1".to_owned(),
            digest,
            scopes: vec![AccessScope::Read],
            staff: ann,
            customer: None,
            expires_after: None,
        }
    };
    assert!(store.disable_staff(EMAIL.to_owned()).await.unwrap());
    assert!(!store.add_token(token()).await.unwrap());
    let (database, tokens) = (client(&url).await, "select count(*) from api_tokens");
    assert_eq!(count(&database, tokens).await, 0);
    account(&store).await;
    assert!(store.add_token(token()).await.unwrap());
}
