//! A customer with a marker in every column that can hold personal data, and the search for what is left of it.

use std::path::{Path, PathBuf};

use fte::domain::customers::personal_data::{HeldData, OnErasure, PERSONAL_DATA};
use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::client;
use crate::support::served::Served;
use crate::support::verdict::{all_settled, count};
use crate::support::wait::LIMIT;

pub const MARKER: &str = "zyxmarker";
/// Columns of a fixed vocabulary, or too short for the marker.
const WITHOUT_MARKER: &[&str] = &[
    "conversations.language",
    "customer_identifiers.kind",
    "deliveries.to_kind",
    "delivery_failures.cause",
    "messages.identifier_kind",
];

/// Fills what no web form fills. `:customer`, `:conversation` and `:digest` are replaced.
const FILL: &str = "
    update customers set metadata = '{\"note\": \"zyxmarker\"}' where id = ':customer';
    update conversations set metadata = '{\"note\": \"zyxmarker\"}' where id = ':conversation';
    update tickets set contact_phone = 'zyxmarker' where conversation_id = ':conversation';
    update messages set metadata = '{\"profile_name\": \"zyxmarker\"}' where conversation_id = ':conversation';
    insert into ticket_ratings (ticket_id, score, comment)
        select id, 1, 'zyxmarker' from tickets where conversation_id = ':conversation';
    insert into customer_identifiers (kind, value, customer_id, opted_out_at)
        values ('provider_user', 'whatsapp:zyxmarker', ':customer', now());
    insert into attachments (message_id, channel, position, url, announced_type, state, content_type, size_bytes, sha256, note)
        select id, 'web_form', 1, 'https://files.example.com/zyxmarker', 'text/zyxmarker', 'stored', 'text/zyxmarker', 9,
               decode(':digest', 'hex'), 'zyxmarker'
        from messages where conversation_id = ':conversation' and direction = 'inbound';
    insert into message_emails (mailbox, provider_id, message_id, rfc_message_id, fingerprint, thread_id, authentication,
                                subject_base, full_text, raw_sha256, raw_bytes, remarks)
        select 'support@example.com', 'g1', id, '<zyxmarker@example.com>', 'zyxmarker', 'zyxmarker', 'pass', 'zyxmarker',
               'zyxmarker', decode(':raw', 'hex'), 9, '{\"note\": \"zyxmarker\"}'
        from messages where conversation_id = ':conversation' and direction = 'inbound';
    update deliveries set body = 'zyxmarker', recipients = '{\"to\": \"zyxmarker\"}', error = 'zyxmarker'
        where conversation_id = ':conversation';
    update deliveries set address = 'zyxmarker', to_kind = 'email', to_value = 'zyxmarker'
        where conversation_id = ':conversation';
    insert into delivery_failures (delivery_id, address, cause, detail)
        select id, 'zyxmarker', 'bounced', 'zyxmarker' from deliveries where conversation_id = ':conversation';
    update conversations set instruction = 'zyxmarker', tags = '{zyxmarker}', takeover = '{\"note\": \"zyxmarker\"}'
        where id = ':conversation';
    insert into closed_conversations (conversation_id, customer_id, channel, ticket_status, priority, tags, created_at,
                                      last_message_at)
        select c.id, c.customer_id, c.channel, t.status, t.priority, c.tags, c.created_at, c.last_message_at
        from conversations c join tickets t on t.conversation_id = c.id where c.id = ':conversation';
    update turns set instruction = 'zyxmarker' where conversation_id = ':conversation';
    insert into message_feedback (message_id, staff_id, verdict, comment)
        select id, '00000000-0000-0000-0000-000000000001', 'good', 'zyxmarker'
        from messages where conversation_id = ':conversation' and direction = 'outbound';
    insert into quality_reviews (id, message_id, reviewer, grounded, comment)
        select gen_random_uuid(), id, '00000000-0000-0000-0000-000000000001', 2, 'zyxmarker'
        from messages where conversation_id = ':conversation' and direction = 'outbound';
    insert into staff_drafts (staff_id, conversation_id, content, cc, bcc, revision)
        values ('00000000-0000-0000-0000-000000000001', ':conversation', 'zyxmarker', '[\"zyxmarker\"]', '[\"zyxmarker\"]', 1);
    insert into suggestions (id, conversation_id, staff_id, instruction, content, public_seq)
        values (gen_random_uuid(), ':conversation', '00000000-0000-0000-0000-000000000001', 'zyxmarker', 'zyxmarker', 1);
    insert into conversation_summaries (conversation_id, points, covered, thread_messages, through_seq)
        values (':conversation', '[{\"text\": \"zyxmarker\"}]', 1, 1, 1);
    insert into staff_requests (staff_id, path, key, fingerprint, answer)
        values ('00000000-0000-0000-0000-000000000001', '/staff/conversations/:conversation/note', '1', '',
                '{\"text\": \"zyxmarker\"}');
    insert into bulk_operations (id, staff_id, action, as_of, targets)
        values ('00000000-0000-4000-8000-0000000000cc', '00000000-0000-0000-0000-000000000001', 'resolve', now(), '{}');
    insert into bulk_steps (bulk_id, conversation_id, before)
        values ('00000000-0000-4000-8000-0000000000cc', ':conversation', '{\"tags\": [\"zyxmarker\"]}');
    insert into conversation_merges (id, source_id, target_id, staff_id, before, note, turns)
        values (gen_random_uuid(), ':conversation', ':conversation', '00000000-0000-0000-0000-000000000001',
                '{\"tags\": [\"zyxmarker\"]}', gen_random_uuid(), '{}');
    insert into side_conversations (id, conversation_id, staff_id, subject, recipients)
        values ('00000000-0000-4000-8000-0000000000dd', ':conversation', '00000000-0000-0000-0000-000000000001',
                'zyxmarker', '{zyxmarker@example.net}');
    insert into side_messages (id, side_id, direction, sender, content, rfc_message_id, state, error)
        values (gen_random_uuid(), '00000000-0000-4000-8000-0000000000dd', 'inbound', 'zyxmarker@example.net',
                'zyxmarker', '<zyxmarker@example.net>', 'received', 'zyxmarker');
    insert into side_files (id, message_id, name, content_type, size_bytes, sha256)
        select gen_random_uuid(), id, 'zyxmarker.pdf', 'application/zyxmarker', 1, sha256('side') from side_messages;
    insert into delivery_drafts (delivery_id, provider_draft)
        select id, 'zyxmarker' from deliveries where conversation_id = ':conversation';
    insert into turn_steps (turn_id, number, kind, content)
        select id, 99, 'note', '{\"prompt\": \"zyxmarker\"}' from turns where conversation_id = ':conversation';
    insert into escalations (id, conversation_id, reason, severity, summary, notified_at)
        values (gen_random_uuid(), ':conversation', 'legal', 'high', 'zyxmarker', now());
    insert into knowledge_gaps (id) values ('00000000-0000-4000-8000-0000000000cc');
    insert into knowledge_questions (escalation_id, conversation_id, gap_id, content)
        select id, conversation_id, '00000000-0000-4000-8000-0000000000cc', 'How does zyxmarker work?' from escalations
        where conversation_id = ':conversation' limit 1;
    insert into knowledge_proposals (id, op, title, body, reason, ticket_id, author)
        select gen_random_uuid(), 'create', 'zyxmarker', 'zyxmarker', 'zyxmarker', id,
               '00000000-0000-0000-0000-000000000001'
        from tickets where conversation_id = ':conversation';
    insert into knowledge_run_cases (proposal_id, message_id, position, is_changed, answer_before, answer_after)
        select p.id, m.id, 1, true, 'zyxmarker', 'zyxmarker'
        from knowledge_proposals p, messages m where m.conversation_id = ':conversation' and m.direction = 'inbound';
    insert into dead_letters (id, conversation_id, reason) values (gen_random_uuid(), ':conversation', 'zyxmarker');
    insert into outbox (topic, key, payload, parked_reason) values ('fte.metrics', ':conversation', '{}', 'zyxmarker');
    insert into audit_log (actor, action, subject_kind, subject_id, conversation_id, details)
        values ('00000000-0000-0000-0000-000000000001', 'noted', 'conversation', ':conversation', ':conversation',
                '{\"note\": \"zyxmarker\"}');
    insert into link_challenges (id, conversation_id, customer_id, email, expires_at, state, due_at)
        values ('00000000-0000-4000-8000-0000000000aa', ':conversation', ':customer', 'zyxmarker@example.com', now(),
                'used', null);
    insert into customer_sessions (token_hash, email, expires_at)
        values (sha256('x'), 'zyxmarker@example.com', now() + interval '1 hour');
    insert into customers (id, name, metadata) values ('00000000-0000-4000-8000-0000000000bb', 'zyxmarker', '{}');
    insert into customer_joins (from_customer, into_customer, challenge_id, identifiers, conversations, closed_before)
        values ('00000000-0000-4000-8000-0000000000bb', ':customer', '00000000-0000-4000-8000-0000000000aa',
                '[{\"value\": \"zyxmarker\"}]', '{}', '{\"tags\": [\"zyxmarker\"]}');";

pub struct Marked {
    pub customer: String,
    pub conversation: String,
    pub ticket: String,
    pub file: PathBuf,
    pub raw: PathBuf,
}

/// A customer whose every column holds the marker, with two files in the store of files.
pub async fn marked(url: &str, served: &Served) -> Marked {
    let message = format!("{FORGOTTEN} My account is {MARKER}.");
    let customer = Customer::of(&served.base);
    let ticket = customer.submit(&format!("{MARKER}@example.com"), "1", &message).await.ticket();
    customer.replied(&ticket, 1, LIMIT).await;
    all_settled(url, LIMIT).await;
    let database = client(url).await;
    let row = database
        .query_one(
            "update customers u set name = 'Ann zyxmarker' from conversations c, tickets t
             where t.id::text = $1 and c.id = t.conversation_id and u.id = c.customer_id
             returning u.id::text, c.id::text",
            &[&ticket],
        )
        .await
        .unwrap();
    let (id, conversation): (String, String) = (row.get(0), row.get(1));
    database
        .execute("update tickets set subject = 'About zyxmarker' where id::text = $1", &[&ticket])
        .await
        .unwrap();
    let (digest, file) = store(served.data_dir(), b"file of zyxmarker");
    let (raw_digest, raw) = store(served.data_dir(), b"mail of zyxmarker");
    let fill = FILL.replace(":customer", &id).replace(":conversation", &conversation);
    database.batch_execute(&fill.replace(":digest", &digest).replace(":raw", &raw_digest)).await.unwrap();
    assert_marked_everywhere(&database).await;
    Marked { customer: id, conversation, ticket, file, raw }
}

/// Writes a file as the store of files does; returns its digest and path.
pub fn store(data: &Path, content: &[u8]) -> (String, PathBuf) {
    let digest = hex::encode(Sha256::digest(content));
    let path = data.join("media").join(&digest[..2]).join(&digest);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, content).unwrap();
    (digest, path)
}

/// A test that left a column out would prove nothing about it.
async fn assert_marked_everywhere(database: &Client) {
    for table in PERSONAL_DATA {
        for (column, holding) in table.columns {
            let name = format!("{}.{column}", table.table);
            let is_erased = match holding {
                HeldData::Customer(OnErasure::Blanked | OnErasure::Emptied | OnErasure::Deleted) => true,
                HeldData::Customer(OnErasure::Kept)
                | HeldData::Program
                | HeldData::Company
                | HeldData::Staff => false,
            };
            if !is_erased || WITHOUT_MARKER.contains(&name.as_str()) {
                continue;
            }
            let query =
                format!("select count(*) from {} where {column}::text like '%{MARKER}%'", table.table);
            assert!(count(database, &query).await > 0, "{name} holds no marker");
        }
    }
}

/// Where the marker still is: in any row of any table, as a text or as bytes, or in a file of the data folder.
pub async fn traces(database: &Client, data: &Path) -> Vec<String> {
    let tables = "select table_name from information_schema.tables
                  where table_schema = 'public' and table_type = 'BASE TABLE'";
    let as_bytes = hex::encode(MARKER);
    let mut found = Vec::new();
    for row in database.query(tables, &[]).await.unwrap() {
        let table: String = row.get(0);
        let query = format!(
            "select t::text from {table} t where t::text like '%{MARKER}%' or t::text like '%{as_bytes}%'"
        );
        let rows = database.query(&query, &[]).await.unwrap();
        found.extend(rows.iter().map(|row| format!("{table}: {}", row.get::<_, String>(0))));
    }
    found.extend(files(data).into_iter().filter(|path| holds(path)).map(|path| path.display().to_string()));
    found
}

fn holds(path: &Path) -> bool {
    let content = std::fs::read(path).unwrap_or_default();
    content.windows(MARKER.len()).any(|window| window == MARKER.as_bytes())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
