//! Merges of customers and conversations, and splits: what moves, where later messages go, and what their undoing
//! restores.

use fte::domain::conversations::turn::Finished;
use fte::domain::ids::ConversationId;
use serde_json::{Value, json};

use super::rig::{Agent, Team};
use crate::support::customers::{FORGOTTEN, replies};
use crate::support::postgres::fresh_database;
use crate::support::records::{answer, begin, finish, process, store};
use crate::support::served::Served;
use crate::support::verdict::{count, none_left};
use crate::support::wait::{LIMIT, becomes};

struct Scene {
    url: String,
    team: Team,
    ann: Agent,
}

const NOTHING: &str = "11111111-1111-4111-8111-111111111111";

async fn scene() -> Scene {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    Scene { url, team, ann }
}

impl Scene {
    /// Two conversations of one customer: their tickets and ids.
    async fn two(&self) -> [(String, String); 2] {
        let mut two = Vec::new();
        for _ in 0..2 {
            let key = fte::clock::new_v4().to_string();
            let ticket = self.team.customer.submit("twice@example.com", &key, FORGOTTEN).await.ticket();
            let conversation = self.team.conversation_of(&ticket).await;
            two.push((ticket, conversation));
        }
        two.try_into().unwrap()
    }

    async fn write(&self, ticket: &str, text: &str) -> (u16, Value) {
        self.ann.post(&format!("/support/ticket/{ticket}/messages"), json!({"message": text})).await
    }

    async fn text(&self, query: &str) -> String {
        self.team.database.query_one(query, &[]).await.unwrap().get(0)
    }

    /// Status, ticket's status, assignee, and how many messages wait.
    async fn state(&self, conversation: &str) -> String {
        self.text(&format!(
            "select concat_ws(' ', c.status, (select t.status from current_ticket(c.id) t),
                              case when c.assignee is null then 'none' else 'me' end,
                              (select count(*) from messages m where m.conversation_id = c.id
                                 and m.direction = 'inbound' and m.answered_by is null))
             from conversations c where c.id = '{conversation}'"
        ))
        .await
    }

    async fn customer_of(&self, conversation: &str) -> String {
        self.text(&format!("select customer_id::text from conversations where id = '{conversation}'")).await
    }
}

fn id(text: &str) -> ConversationId {
    ConversationId(text.parse().unwrap())
}

#[tokio::test]
async fn a_merged_conversation_goes_on_in_the_other_one_and_is_answered_nowhere_else() {
    let scene = scene().await;
    let [(first, source), (second, target)] = scene.two().await;
    let store = store(&scene.url);
    let turn = begin(&store, id(&source), process()).await.unwrap();

    let (status, merged) = scene.ann.act(&source, "merge", json!({"into": target})).await;
    assert_eq!(
        (status, &merged["status"], &merged["ticket_status"]),
        (200, &json!("closed"), &json!("closed"))
    );
    // The turn that ran writes nothing, and nobody begins another one. Staff have what waited.
    assert!(matches!(finish(&store, answer(&turn, "Too late.")).await, Finished::Refused(_)));
    assert!(begin(&store, id(&source), process()).await.is_none());
    assert_eq!(scene.state(&source).await, "closed closed none 0");
    assert_eq!(scene.state(&target).await, "escalated in_progress me 1");
    assert!(begin(&store, id(&target), process()).await.is_none());

    // The page stays, with the number that it goes on under and without a way there.
    let page = scene.team.customer.ticket(&first).await;
    let number = scene.team.customer.ticket(&second).await["ticket_number"].clone();
    assert_eq!((&page["status"], &page["continues_as"]), (&json!("closed"), &number));
    assert!(!page.to_string().contains(&second) && !page.to_string().contains(&target), "{page}");
    assert_eq!(scene.ann.get(&format!("/conversations/{source}")).await["merged_into"], json!(target));

    let (status, receipt) = scene.write(&first, "And another thing.").await;
    assert_eq!(status, 201, "{receipt}");
    assert!(!receipt.to_string().contains(&second));
    assert_eq!(scene.state(&target).await, "escalated in_progress me 2");
    let seen = scene.team.newest(&target).await;
    let body = json!({"text": "Both are done.", "seen_through": seen, "send_after_seconds": 0});
    assert_eq!(scene.ann.act(&target, "reply", body).await.0, 201);
    becomes("the reply is shown", 1, async || replies(&scene.team.customer.ticket(&second).await).len())
        .await;
    assert_eq!(replies(&scene.team.customer.ticket(&first).await).len(), 0);

    // Undone, it waits as before, for the bot; what was written in the other one stays there.
    let (status, unmerged) = scene.ann.act(&source, "unmerge", json!({})).await;
    assert_eq!((status, &unmerged["ticket_status"]), (200, &json!("open")), "{unmerged}");
    assert_eq!(scene.state(&source).await, "active open none 1");
    assert_eq!(scene.team.customer.ticket(&first).await["continues_as"], json!(null));
    let turn = begin(&store, id(&source), process()).await.unwrap();
    assert!(matches!(finish(&store, answer(&turn, "Here.")).await, Finished::Committed(_)));
    let (status, problem) = scene.ann.act(&source, "unmerge", json!({})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("not_merged")));
}

#[tokio::test]
async fn a_merge_is_refused_where_it_would_mix_customers_or_revive_what_is_closed() {
    let scene = scene().await;
    let [(_, source), (_, target)] = scene.two().await;
    let (_, other) = scene.team.submit(FORGOTTEN).await;
    for into in [NOTHING, &source, &other] {
        let (status, problem) = scene.ann.act(&source, "merge", json!({"into": into})).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("into")), "{into}: {problem}");
    }
    assert_eq!(scene.ann.act(NOTHING, "merge", json!({"into": target})).await.0, 404);
    assert_eq!(scene.ann.act(&source, "merge", json!({"into": target})).await.0, 200);
    for (from, into) in [(&source, &target), (&target, &source)] {
        let (status, problem) = scene.ann.act(from, "merge", json!({"into": into})).await;
        assert_eq!((status, &problem["code"]), (409, &json!("ticket_closed")));
    }
    // Two merges of the same two at the same time, in opposite directions: one of them wins.
    scene.ann.act(&source, "unmerge", json!({})).await;
    let (there, back) = tokio::join!(
        scene.ann.act(&source, "merge", json!({"into": target})),
        scene.ann.act(&target, "merge", json!({"into": source}))
    );
    let mut both = [there.0, back.0];
    both.sort_unstable();
    assert_eq!(both, [200, 409], "{there:?} {back:?}");
}

#[tokio::test]
async fn customers_become_one_and_two_again_with_what_came_since() {
    let scene = scene().await;
    let submit = async |email: &str, key: &str| {
        let ticket = scene.team.customer.submit(email, key, FORGOTTEN).await.ticket();
        scene.team.conversation_of(&ticket).await
    };
    let (one, other) = (submit("one@example.com", "1").await, submit("other@example.com", "1").await);
    let (from, into) = (scene.customer_of(&one).await, scene.customer_of(&other).await);
    let merge = format!("/staff/customers/{from}/merge");
    let turn = begin(&store(&scene.url), id(&one), process()).await.unwrap();
    let (status, merged) = scene.ann.post(&merge, json!({"into": into})).await;
    assert_eq!(status, 201, "{merged}");
    let finished = finish(&store(&scene.url), answer(&turn, "Too late.")).await;
    assert!(matches!(finished, Finished::Refused(_)), "a merge fences the turn: {finished:?}");
    assert_eq!(scene.customer_of(&one).await, into);
    let file = scene.ann.get(&format!("/staff/customers/{into}")).await;
    assert_eq!(file["identifiers"].as_array().unwrap().len(), 2, "{file}");
    assert_eq!(file["merges"][0]["merge_id"], merged["merge_id"]);
    let again = scene.ann.post(&merge, json!({"into": into})).await;
    assert_eq!((again.0, &again.1["code"]), (409, &json!("already_merged")));

    // Since then: a conversation from each address, and one of the first customer's merged into one of the other's.
    let (mine, theirs) = (submit("one@example.com", "2").await, submit("other@example.com", "2").await);
    assert_eq!(scene.customer_of(&mine).await, into);
    scene.ann.act(&mine, "merge", json!({"into": theirs})).await;
    let undo = format!("/staff/merges/{}/undo", merged["merge_id"].as_str().unwrap());
    let (status, problem) = scene.ann.post(&undo, json!({})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("conversations_merged")));
    scene.ann.act(&mine, "unmerge", json!({})).await;
    assert_eq!(scene.ann.post(&undo, json!({})).await, (200, merged.clone()));
    for (conversation, customer) in [(&one, &from), (&mine, &from), (&other, &into), (&theirs, &into)] {
        assert_eq!(scene.customer_of(conversation).await, *customer);
    }
    let file = scene.ann.get(&format!("/staff/customers/{from}")).await;
    assert_eq!(file["identifiers"][0]["value"], "one@example.com");
    assert_eq!(scene.ann.get(&format!("/staff/customers/{into}")).await["merges"], json!([]));
    let later = submit("one@example.com", "3").await;
    assert_eq!(scene.customer_of(&later).await, from);
    let records = format!("select count(*)::text from records_of('{from}')");
    assert_eq!(scene.text(&records).await, "1", "an export shows one person");
}

#[tokio::test]
async fn a_merge_of_customers_needs_two_of_them() {
    let scene = scene().await;
    let (_, conversation) = scene.team.submit(FORGOTTEN).await;
    let from = scene.customer_of(&conversation).await;
    let merge = format!("/staff/customers/{from}/merge");
    assert_eq!(scene.ann.post(&format!("/staff/merges/{NOTHING}/undo"), json!({})).await.0, 404);
    assert_eq!(
        scene.ann.post(&format!("/staff/customers/{NOTHING}/merge"), json!({"into": from})).await.0,
        404
    );
    for target in [NOTHING, &from] {
        assert_eq!(scene.ann.post(&merge, json!({"into": target})).await.0, 422);
    }
}

#[tokio::test]
async fn a_split_moves_messages_to_a_conversation_of_staff_and_what_waits_waits_there() {
    let scene = scene().await;
    let (ticket, conversation) = scene.team.submit(FORGOTTEN).await;
    let first = scene.team.newest(&conversation).await;
    scene.write(&ticket, "And an invoice is missing.").await;
    let second = scene.team.newest(&conversation).await;
    let (_, other) = scene.team.submit(FORGOTTEN).await;
    let foreign = scene.team.newest(&other).await;
    let body = |ids: Value| json!({"message_ids": ids, "subject": "Missing invoice"});
    for ids in [json!([]), json!([foreign]), json!([first, second]), json!(["x"])] {
        let (status, problem) = scene.ann.act(&conversation, "split", body(ids.clone())).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("message_ids")), "{ids} {problem}");
    }
    let turn = begin(&store(&scene.url), id(&conversation), process()).await.unwrap();
    let (status, split) = scene.ann.act(&conversation, "split", body(json!([second]))).await;
    assert_eq!(status, 201, "{split}");
    let finished = finish(&store(&scene.url), answer(&turn, "Both.")).await;
    assert!(matches!(finished, Finished::Refused(_)), "{finished:?}");
    let new = split["conversation_id"].as_str().unwrap();
    assert_eq!(scene.state(new).await, "escalated escalated none 1");
    assert_eq!(scene.state(&conversation).await, "active open none 1");
    assert_eq!(scene.customer_of(new).await, scene.customer_of(&conversation).await);
    let page = scene.team.customer.ticket(split["ticket_id"].as_str().unwrap()).await;
    assert_eq!((&page["subject"], &page["messages"][0]["id"]), (&json!("Missing invoice"), &json!(second)));
    assert_eq!(scene.team.customer.ticket(&ticket).await["messages"].as_array().unwrap().len(), 1);
    let (status, reply) = scene.ann.reply(&scene.team, new, "Here it is.").await;
    assert_eq!(status, 201, "{reply}");

    // Both go on: follow-ups keep their sender, and the bot answers what is left.
    assert_eq!(scene.write(&ticket, "Hello?").await.0, 201);
    let turn = begin(&store(&scene.url), id(&conversation), process()).await.unwrap();
    assert!(matches!(finish(&store(&scene.url), answer(&turn, "Here.")).await, Finished::Committed(_)));
    assert_eq!(scene.state(&conversation).await, "active waiting_customer none 0");
    let senders = format!(
        "select count(distinct identifier_value)::text from messages
         where conversation_id in ('{conversation}', '{new}') and direction = 'inbound'"
    );
    assert_eq!(scene.text(&senders).await, "1");
}

#[tokio::test]
async fn an_unmerge_waits_for_what_opens_another_conversation_of_the_customer() {
    let scene = scene().await;
    let [(_, source), (_, target)] = scene.two().await;
    let prove = format!("update conversations set attested = true where id = '{source}'");
    scene.team.database.batch_execute(&prove).await.unwrap();
    assert_eq!(scene.ann.act(&source, "merge", json!({"into": target})).await.0, 200);
    // As intake does for a proved sender (join_conversations).
    let intake = crate::support::postgres::client(&scene.url).await;
    let begins = "begin; select from customers order by id for no key update";
    intake.batch_execute(begins).await.unwrap();
    let waits = "select (not exists (select from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock'))::int::bigint";
    let opens = async {
        none_left(&scene.url, waits, LIMIT).await;
        let open = "insert into conversations (id, customer_id, channel, attested)
                    select gen_random_uuid(), id, 'email', true from customers; commit";
        intake.batch_execute(open).await.unwrap();
    };
    let (unmerged, ()) = tokio::join!(scene.ann.act(&source, "unmerge", json!({})), opens);
    assert_eq!(unmerged.0, 200, "{}", unmerged.1);
    let attested = "select count(*) from conversations where attested and status <> 'closed'";
    assert_eq!(count(&scene.team.database, attested).await, 1);
}

#[tokio::test]
async fn what_people_have_answered_leaves_no_death_and_no_fault_for_the_next_message() {
    let scene = scene().await;
    let harmed = "select count(*) from conversations where crashed_owners <> '{}' or faults <> 0";
    for action in ["reply", "resolve", "merge"] {
        let [(_, source), (_, target)] = scene.two().await;
        let harm = format!(
            "update conversations set crashed_owners = array[gen_random_uuid()], faults = 2 where id = '{source}'"
        );
        scene.team.database.batch_execute(&harm).await.unwrap();
        let seen = scene.team.newest(&source).await;
        let body = match action {
            "reply" => json!({"text": "Here you are.", "seen_through": seen}),
            "resolve" => json!({"seen_through": seen}),
            _ => json!({"into": target}),
        };
        let (status, answer) = scene.ann.act(&source, action, body).await;
        assert!(status < 300, "{action}: {answer}");
        assert_eq!(count(&scene.team.database, harmed).await, 0, "{action}");
    }
}
