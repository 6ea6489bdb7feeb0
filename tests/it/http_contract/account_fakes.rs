//! Fakes behind sessions and tokens: nobody has an account, and every attempt is refused.

use actix::prelude::*;
use fte::actors::messages::{ChangeCredentials, LogIn, LogInAnswer, OfferTotp, ProofAnswer};
use fte::crm::port::{Accounts, CrmError, StoreFuture};
use fte::domain::accounts::{
    AttemptStart, AuditEntry, CheckedCode, Claimant, NewSession, SecondFactor, StaffMember, StoredCredential,
    TokenHolder, TotpState,
};
use fte::domain::ids::StaffId;

use super::rig::{Backstage, Shelf, ready};

impl Accounts for Shelf {
    fn begin_attempt(&self, _: Claimant, _: String) -> StoreFuture<Result<AttemptStart, CrmError>> {
        ready(AttemptStart::Begun { attempt: 1, credentials: None })
    }

    fn forgive_attempt(&self, _: i64) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }

    fn open_session(&self, _: NewSession) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }

    fn session(&self, _: [u8; 32]) -> StoreFuture<Result<Option<StaffMember>, CrmError>> {
        ready(None)
    }

    fn token(&self, _: [u8; 32]) -> StoreFuture<Result<Option<TokenHolder>, CrmError>> {
        ready(None)
    }

    fn still_holds(&self, _: StoredCredential) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }

    fn end_session(&self, _: StaffId, _: [u8; 32]) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }

    fn change_password(
        &self,
        _: StaffId,
        _: String,
        _: String,
        _: i64,
    ) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }

    fn totp_state(&self, _: StaffId) -> StoreFuture<Result<TotpState, CrmError>> {
        ready(TotpState { is_on: false, recovery_codes_left: 0 })
    }

    fn offer_totp(&self, _: StaffId, _: Vec<u8>, _: Vec<[u8; 32]>) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }

    fn confirm_totp(&self, _: StaffId, _: CheckedCode, _: i64) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }

    fn stop_totp(&self, _: StaffId, _: SecondFactor, _: i64) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }

    fn audit(&self, _: AuditEntry) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }

    fn members(&self) -> StoreFuture<Result<Vec<StaffMember>, CrmError>> {
        ready(Vec::new())
    }

    fn forget_sessions(&self) -> StoreFuture<Result<u64, CrmError>> {
        ready(0)
    }
}

impl Handler<LogIn> for Backstage {
    type Result = ();

    fn handle(&mut self, order: LogIn, _: &mut Self::Context) {
        order.reply.send(Ok(LogInAnswer::Refused));
    }
}

impl Handler<ChangeCredentials> for Backstage {
    type Result = ();

    fn handle(&mut self, order: ChangeCredentials, _: &mut Self::Context) {
        order.reply.send(Ok(ProofAnswer::Refused));
    }
}

impl Handler<OfferTotp> for Backstage {
    type Result = ();

    fn handle(&mut self, order: OfferTotp, _: &mut Self::Context) {
        order.reply.send(Ok(None));
    }
}
