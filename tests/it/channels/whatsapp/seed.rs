//! Test data: pending deliveries, without the turns that would have written them.

use crate::support::postgres::client;

/// Inserts `count` customers who wrote a minute ago, each with one pending reply: `Answer 0.`, `Answer 1.`, …
pub async fn replies(url: &str, count: i64) {
    let statements = [
        "insert into customers (id, name)
         select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Customer ' || n
         from generate_series(0, $1::bigint - 1) n",
        "insert into customer_identifiers (kind, value, customer_id, attested, last_inbound_at)
         select 'phone', '+49151' || lpad(n::text, 8, '0'),
                ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, true, now() - interval '1 minute'
         from generate_series(0, $1::bigint - 1) n",
        "insert into conversations (id, customer_id, channel, attested, last_seq, last_inbound, answered_through)
         select ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid,
                ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'whatsapp', true, 2, 1, 1
         from generate_series(0, $1::bigint - 1) n",
        "insert into tickets (id, conversation_id, subject, category, priority, status)
         select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
                ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'Question', 'general', 'medium',
                'waiting_customer'
         from generate_series(0, $1::bigint - 1) n order by n",
        "insert into messages (id, conversation_id, seq, channel, direction, role, external_id, content, attested,
                               identifier_kind, identifier_value, answered_by)
         select gen_random_uuid(), ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 1, 'whatsapp',
                'inbound', 'customer', 'SMseed' || n, 'Question?', true, 'phone', '+49151' || lpad(n::text, 8, '0'),
                gen_random_uuid()
         from generate_series(0, $1::bigint - 1) n",
        "insert into messages (id, conversation_id, seq, channel, direction, role, content)
         select ('00000000-0000-7000-a000-' || lpad(n::text, 12, '0'))::uuid,
                ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 2, 'whatsapp', 'outbound', 'agent',
                'Answer ' || n || '.'
         from generate_series(0, $1::bigint - 1) n",
        "insert into deliveries (id, message_id, conversation_id, channel)
         select ('00000000-0000-7000-b000-' || lpad(n::text, 12, '0'))::uuid,
                ('00000000-0000-7000-a000-' || lpad(n::text, 12, '0'))::uuid,
                ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'whatsapp'
         from generate_series(0, $1::bigint - 1) n",
    ];
    let client = client(url).await;
    for statement in statements {
        client.execute(statement, &[&count]).await.unwrap();
    }
}

/// The id of the delivery with that number.
pub fn delivery(number: i64) -> String {
    format!("00000000-0000-7000-b000-{number:012}")
}

/// Inserts a customer with an unverified e-mail address.
pub async fn customer(url: &str, email: &str) {
    let client = client(url).await;
    let id = fte::clock::new_v7();
    client.execute("insert into customers (id, name) values ($1, 'Ann')", &[&id]).await.unwrap();
    let identifier = "insert into customer_identifiers (kind, value, customer_id) values ('email', $2, $1)";
    client.execute(identifier, &[&id, &email]).await.unwrap();
}
