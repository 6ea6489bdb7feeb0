//! Queues of a database in which most conversations are closed: every list and every count is that of a plain query over
//! the conversations themselves, whatever is closed, parked, snoozed or opened again.

use fte::crm::port::Queues;
use fte::crm::postgres::PgStore;
use fte::domain::accounts::SERVICE_ACCOUNT;
use fte::domain::console::queue::{AssigneeFilter, QueueFilter, QueueRequest};
use fte::domain::enums::{
    Channel, ConversationStatus, DeskQueue, Priority, QueueOrder, Reason, Severity, TicketStatus,
};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::postgres::{client, fresh_database};
use crate::support::records::{accept, answer, begin, finish, process, store, submission};
use crate::support::verdict::count;

const FILL: &str = include_str!("../../load/fill.sql");

/// What happens to conversations of each kind: by hand, so that what a console would refuse is covered too.
const CHANGES: &str = "
    create temporary table picked as
        select c.id, row_number() over (order by c.created_at) as place from conversations c where c.status = 'closed';
    insert into dead_letters (id, conversation_id, reason)
        select gen_random_uuid(), s.id, 'x' from picked s where s.place in (10, 11, 12, 60);
    insert into dead_letters (id, conversation_id, reason)
        select gen_random_uuid(), c.id, 'x' from conversations c where c.status = 'escalated';
    update dead_letters d set ended_at = now() from picked s where s.id = d.conversation_id and s.place = 11;
    update conversations c set snoozed_until = now() + interval '1 day' from picked s where s.id = c.id and s.place in (12, 13);
    update conversations c set snoozed_until = now() - interval '1 day' from picked s where s.id = c.id and s.place = 14;
    update conversations c set severity = 'urgent', reason = 'refund', tags = array['vip', 'late'],
                               assignee = '00000000-0000-0000-0000-000000000001'
        from picked s where s.id = c.id and s.place between 20 and 24;
    update tickets t set priority = 'high' from picked s where s.id = t.conversation_id and s.place between 20 and 22;
    update conversations c set status = 'active' from picked s where s.id = c.id and s.place in (30, 31);
    update tickets t set status = 'resolved', resolved_at = now() from picked s where s.id = t.conversation_id and s.place = 30;
    update conversations c set status = 'closed' where c.id in (select id from conversations where status = 'active' limit 2);
    update tickets t set status = 'closed' from conversations c
        where c.id = t.conversation_id and c.status = 'closed' and t.status <> 'closed';
    update conversations c set customer_id = (select customer_id from conversations o join picked s on s.id = o.id and s.place = 1)
        from picked s where s.id = c.id and s.place in (40, 41);
    update conversations c set last_message_at = now() from picked s where s.id = c.id and s.place = 50;
    insert into conversation_watchers (conversation_id, staff_id)
        select s.id, '00000000-0000-0000-0000-000000000001' from picked s where s.place between 10 and 30;
    insert into conversation_watchers (conversation_id, staff_id)
        select c.id, '00000000-0000-0000-0000-000000000001' from conversations c where c.status = 'escalated';
    update conversation_clocks set due_at = now() - interval '1 hour'
        where conversation_id = (select min(conversation_id::text)::uuid from conversation_clocks);";

/// The flags of each conversation that fits, from the definitions (API-STAFF.md, section 3); `$1` is a condition's number.
const PLAIN: &str = "
    select c.id,
           c.status = 'escalated' and t.status in ('escalated', 'in_progress') and not s.snoozed
               and (c.assignee is null or c.assignee = '00000000-0000-0000-0000-000000000001') as needs_me,
           c.status = 'escalated' and c.assignee is null and not s.snoozed
               and t.status not in ('resolved', 'closed') as unassigned,
           coalesce(c.assignee = '00000000-0000-0000-0000-000000000001', false) and not s.snoozed
               and t.status not in ('resolved', 'closed') as mine,
           c.status <> 'closed' and c.id in (
               select w.conversation_id from conversation_watchers w
               where w.staff_id = '00000000-0000-0000-0000-000000000001') as watching,
           c.status = 'active' and t.status in ('open', 'waiting_customer') as bot,
           s.snoozed, c.id in (select d.conversation_id from dead_letters d where d.ended_at is null) as parked,
           t.status in ('resolved', 'closed') as resolved, true as \"all\"
    from conversations c cross join lateral current_ticket(c.id) t
    left join conversation_clocks k on k.conversation_id = c.id
    cross join lateral (select coalesce(c.snoozed_until > now(), false) as snoozed) s
    where case $1::int
              when 1 then c.channel = 'email' when 2 then 'vip' = any (c.tags)
              when 3 then c.severity = 'urgent' and c.reason = 'refund' and t.priority = 'high'
              when 4 then c.customer_id = $3 when 5 then c.status = 'closed' and t.status = 'closed'
              when 6 then c.assignee is null when 7 then c.assignee = '00000000-0000-0000-0000-000000000001'
              when 8 then k.due_at <= now() when 9 then not coalesce(k.due_at <= now(), false) else true end
    order by case when $2 = 'due' then k.due_at end nulls last,
             case when $2 = 'due' then c.last_message_at when $2 = 'created' then c.created_at end,
             case when $2 = '-last_message' then c.last_message_at end desc, c.id";

#[tokio::test]
async fn lists_and_counts_are_those_of_a_plain_query() {
    let url = fresh_database().await;
    let database = client(&url).await;
    let range = "set fill.total = '300'; set fill.first = '1'; set fill.last = '300';";
    database.batch_execute(&format!("{range}{FILL}")).await.unwrap();
    database.batch_execute(CHANGES).await.unwrap();
    let customer: Uuid = database
        .query_one(
            "select c.customer_id from conversations c join picked s on s.id = c.id and s.place = 1",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    let records = store(&url);
    compare(&records, &database, customer).await;

    // Counts that were added up are the same; of each combination one row is left.
    let fold = "select fold_closed_counts(interval '1 hour')";
    database.batch_execute(fold).await.unwrap();
    let twice = "select count(*) from (select from closed_counts
                 group by channel, ticket_status, priority, severity, reason, assignee having count(*) > 1) d";
    assert_eq!(database.query_one(twice, &[]).await.unwrap().get::<_, i64>(0), 0);
    compare(&records, &database, customer).await;
}

async fn compare(records: &PgStore, database: &Client, customer: Uuid) {
    let filters = filters(customer);
    for (number, filter) in (0_i32..).zip(&filters) {
        for (place, queue) in DeskQueue::ALL.iter().enumerate() {
            let order = QueueOrder::ALL[(place + usize::try_from(number).unwrap()) % QueueOrder::ALL.len()];
            let plain = database.query(PLAIN, &[&number, &order.as_str(), &customer]).await.unwrap();
            let expected: Vec<Uuid> =
                plain.iter().filter(|row| row.get(queue.as_str())).map(|row| row.get("id")).collect();
            let mut request = QueueRequest {
                viewer: SERVICE_ACCOUNT,
                queue: *queue,
                order,
                filter: filter.clone(),
                limit: 90,
                after: None,
            };
            let mut found = Vec::new();
            loop {
                let page = records.queue(request.clone()).await.unwrap();
                for (counted, count) in page.counts {
                    let listed = plain.iter().filter(|row| row.get(counted.as_str())).count();
                    assert_eq!(usize::try_from(count).unwrap(), listed, "{counted} of filter {number}");
                }
                found.extend(page.items.iter().map(|item| item.conversation_id.0));
                request.after = page.next;
                if request.after.is_none() {
                    break;
                }
            }
            assert_eq!(found, expected, "{queue} of filter {number} by {order}");
        }
    }
}

/// In the order of the numbers in [`PLAIN`].
fn filters(customer: Uuid) -> [QueueFilter; 10] {
    let none = QueueFilter::default;
    [
        none(),
        QueueFilter { channel: Some(Channel::Email), ..none() },
        QueueFilter { tag: Some("vip".to_owned()), ..none() },
        QueueFilter {
            severity: Some(Severity::Urgent),
            reason: Some(Reason::Refund),
            priority: Some(Priority::High),
            ..none()
        },
        QueueFilter { customer: Some(customer.into()), ..none() },
        QueueFilter {
            status: Some(ConversationStatus::Closed),
            ticket_status: Some(TicketStatus::Closed),
            ..none()
        },
        QueueFilter { assignee: Some(AssigneeFilter::Unassigned), ..none() },
        QueueFilter { assignee: Some(AssigneeFilter::Staff(SERVICE_ACCOUNT)), ..none() },
        QueueFilter { breached: Some(true), ..none() },
        QueueFilter { breached: Some(false), ..none() },
    ]
}

#[tokio::test]
async fn a_snoozed_conversation_that_time_closes_is_snoozed_no_longer() {
    let url = fresh_database().await;
    let (records, database) = (store(&url), client(&url).await);
    let opened = accept(&records, submission("ann@example.com", "one")).await;
    let context = begin(&records, opened.conversation, process()).await.unwrap();
    finish(&records, answer(&context, "Open the sign-in page.")).await;
    let close = "update conversations set snoozed_until = now() + interval '1 day';
                 update tickets set status = 'resolved', resolved_at = now() - interval '15 days';
                 select end_idle_tickets(null, interval '14 days', 10)";
    database.batch_execute(close).await.unwrap();
    let closed =
        "select count(*) from conversations c join closed_conversations k on k.conversation_id = c.id
                  where c.status = 'closed' and c.snoozed_until is null";
    assert_eq!(count(&database, closed).await, 1);
    let counted = "select sum(n)::bigint from closed_counts";
    assert_eq!(count(&database, counted).await, 1);
}
