//! Assertions of exactly-once answers: checks the rows in PostgreSQL, independently of the program.

use std::time::Duration;

use tokio_postgres::Client;

use super::postgres::client;
use super::wait::eventually;

/// Each violation, and the query that counts it.
const FAULTS: &[(&str, &str)] = &[
    (
        "an inbound message is marked answered by something other than a finished turn of its conversation",
        "select count(*) from messages m where m.answered_by is not null and not exists (
             select from turns t where t.id = m.answered_by and t.conversation_id = m.conversation_id
                                   and t.outcome is not null)",
    ),
    (
        "a finished turn wrote another number of replies than its outcome says",
        "select count(*) from turns t where t.outcome is not null
             and (select count(*) from messages m where m.turn_id = t.id)
                 <> case t.outcome when 'silent' then 0 else 1 end",
    ),
    (
        "a reply is not of the kind that its turn's outcome says",
        "select count(*) from messages m join turns t on t.id = m.turn_id
         where m.kind <> case t.outcome when 'escalate' then 'acknowledgement' else 'message' end",
    ),
    (
        "a reply, other than an acknowledgement of a delay, belongs to no finished turn",
        "select count(*) from messages m where m.direction = 'outbound'
             and (m.kind <> 'acknowledgement' or m.turn_id is not null) and not exists (
             select from turns t where t.id = m.turn_id and t.outcome is not null)",
    ),
    (
        "a finished turn answered no message",
        "select count(*) from turns t where t.outcome is not null
             and not exists (select from messages m where m.answered_by = t.id)",
    ),
    (
        "a reply is numbered before the message it answers",
        "select count(*) from messages m join messages r on r.turn_id = m.answered_by where r.seq <= m.seq",
    ),
    (
        "a reply has not exactly one delivery, or it was not shown, or not sent",
        "select count(*) from messages m where m.direction = 'outbound' and (
             select coalesce(string_agg(d.state, ' '), '') from deliveries d where d.message_id = m.id)
             <> all (case when m.channel = 'web_form' then '{delivered}'
                          else '{sent,delivered,read}' end::text[])",
    ),
    (
        "a turn has another number of escalations than its outcome says",
        "select count(*) from turns t
         where (select count(*) from escalations e where e.turn_id = t.id)
               <> case when t.outcome = 'escalate' then 1 else 0 end",
    ),
    (
        "messages of a conversation are not numbered without gaps",
        "select count(*) from (select from messages group by conversation_id
             having count(*) <> max(seq) or count(*) <> count(seq) or min(seq) <> 1) broken",
    ),
    (
        "an earlier message was answered after a later one",
        "select count(*) from (
             select r.seq, lag(r.seq) over (partition by m.conversation_id order by m.seq) as before
             from messages m join messages r on r.turn_id = m.answered_by) answers where before > seq",
    ),
    ("a message was parked", "select count(*) from dead_letters"),
    (
        "a turn searched twice before its first model call",
        "select count(*) from (select from turn_steps where kind = 'prefetched' group by turn_id
             having count(*) > 1) broken",
    ),
];

/// The number that `query` counts.
pub async fn count(database: &Client, query: &str) -> i64 {
    database.query_one(query, &[]).await.unwrap().get(0)
}

/// Waits until no message waits for the bot and every reply is delivered; returns the time it took.
pub async fn all_settled(url: &str, limit: Duration) -> Duration {
    let waiting = "select (select count(*) from messages m join conversations c on c.id = m.conversation_id
                           where m.direction = 'inbound' and m.answered_by is null and c.status = 'active')
                        + (select count(*) from deliveries where state in ('pending', 'sending'))";
    none_left(url, waiting, limit).await
}

/// Waits until `query` counts zero; returns the time it took.
pub async fn none_left(url: &str, query: &str, limit: Duration) -> Duration {
    let database = client(url).await;
    let left = async || match count(&database, query).await {
        0 => Ok(()),
        left => Err(left),
    };
    eventually(query, limit, left).await.1
}

/// The violations that the records show, with how often.
pub async fn faults(url: &str) -> Vec<(&'static str, i64)> {
    let database = client(url).await;
    let mut found = Vec::new();
    for (fault, query) in FAULTS {
        let number = count(&database, query).await;
        if number > 0 {
            found.push((*fault, number));
        }
    }
    found
}

/// Fails if anything was lost, answered twice or done twice. All waiting messages must have been answered before.
pub async fn assert_answered_exactly_once(url: &str) {
    let found: Vec<String> =
        faults(url).await.iter().map(|(fault, number)| format!("{number} times: {fault}")).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// From now on a trigger logs each committed recording of a step, including repetitions, which the program itself would
/// not notice.
pub async fn remember_recordings(url: &str) {
    let ledger = "create table recordings (turn_id uuid, number integer);
                  create function remember() returns trigger language plpgsql as $$
                  begin insert into recordings values (new.turn_id, new.number); return new; end $$;
                  create trigger remember before insert on turn_steps
                  for each row execute function remember()";
    client(url).await.batch_execute(ledger).await.unwrap();
}

/// The number of steps that were recorded more than once, and so repeated.
pub async fn repeated_recordings(url: &str) -> i64 {
    let query =
        "select count(*) from (select from recordings group by turn_id, number having count(*) > 1) again";
    count(&client(url).await, query).await
}
