//! Status callbacks: reports the state of each message by signed requests.

use std::sync::Arc;
use std::time::Duration;

use super::super::form::Form;
use super::super::signature::{SIGNATURE, sign};
use super::{LedgerEntry, Reports, SandboxFaults, SandboxState};

/// The states of a message that is delivered, and of one that fails.
const ARRIVES: [&str; 4] = ["queued", "sent", "delivered", "read"];
const FAILS: [&str; 3] = ["queued", "sent", "failed"];
/// Pause between two reports.
const PAUSE: Duration = Duration::from_millis(5);
/// Timeout of a report; it is then lost, because Twilio does not retry.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Sends the reports of the message with that number.
pub async fn report(state: Arc<SandboxState>, entry: LedgerEntry, faults: SandboxFaults, number: u64) {
    let life: &[&str] = if faults.fail_with.is_some() { &FAILS } else { &ARRIVES };
    let mut reports = life.to_vec();
    match faults.reports {
        Reports::InOrder => {}
        Reports::Shuffled => {
            reports.extend_from_slice(life);
            let turns = usize::try_from(number % 7).unwrap_or(0) + 1;
            reports.rotate_left(turns % life.len());
            if number.is_multiple_of(2) {
                reports.reverse();
            }
        }
        Reports::Never => reports.clear(),
    }
    // The list always shows the final state, whatever the order of the reports.
    if let Some(last) = life.last() {
        state.ledger().set_status(&entry.sid, last);
    }
    let Some(callback) = entry.status_callback.clone() else {
        return;
    };
    for status in reports {
        tokio::time::sleep(PAUSE).await;
        let answer = tell(&state, &callback, &entry, status, faults.fail_with).await;
        state.ledger().report_answers.push(answer);
    }
}

async fn tell(
    state: &SandboxState,
    callback: &str,
    entry: &LedgerEntry,
    status: &str,
    code: Option<u32>,
) -> u16 {
    let mut form = Form::from([
        ("MessageSid", entry.sid.as_str()),
        ("SmsSid", &entry.sid),
        ("AccountSid", &state.settings.account_sid),
        ("From", &entry.from),
        ("To", &entry.to),
        ("MessageStatus", status),
        ("SmsStatus", status),
        ("ChannelPrefix", "whatsapp"),
    ]);
    if let (Some(code), "failed") = (code, status) {
        form.push("ErrorCode", code.to_string());
    }
    let signature = sign(&state.settings.token, callback, &form);
    let request = state
        .http
        .post(callback)
        .timeout(TIMEOUT)
        .header(SIGNATURE, signature)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.encode());
    match request.send().await {
        Ok(response) => response.status().as_u16(),
        Err(_) => 0,
    }
}
