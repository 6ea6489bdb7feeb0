//! Every transition of API-STAFF.md, section 11, that staff and customers make, allowed and refused.

use serde_json::{Value, json};

use super::rig::{Agent, Team};
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;

/// Where a conversation may be: its name, its status, its ticket's, whose it is, and whether a message waits.
pub type Place = (&'static str, &'static str, &'static str, &'static str, bool);

pub const PLACES: [Place; 9] = [
    ("open", "active", "open", "none", true),
    ("answered", "active", "waiting_customer", "none", false),
    ("escalated", "escalated", "escalated", "none", false),
    ("mine", "escalated", "in_progress", "me", true),
    ("theirs", "escalated", "in_progress", "them", false),
    ("replied", "escalated", "waiting_customer", "me", false),
    ("unowned", "escalated", "waiting_customer", "none", false),
    ("resolved", "active", "resolved", "me", false),
    ("closed", "closed", "closed", "none", false),
];

/// An action, and what it comes to in each place, in their order: the status, then the ticket's status, the
/// conversation's and the assignee, or the code of the refusal, or the field that was wrong.
pub type Transition = (&'static str, [&'static str; 9]);

const ACTIONS: &[Transition] = &[
    (
        "claim",
        [
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "409 claimed",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "409 resolved",
            "409 ticket_closed",
        ],
    ),
    (
        "claim by force",
        [
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "200 in_progress escalated me",
            "409 resolved",
            "409 ticket_closed",
        ],
    ),
    (
        "assign to them",
        [
            "200 in_progress escalated them",
            "200 in_progress escalated them",
            "200 in_progress escalated them",
            "200 in_progress escalated them",
            "200 in_progress escalated them",
            "200 in_progress escalated them",
            "200 in_progress escalated them",
            "409 resolved",
            "409 ticket_closed",
        ],
    ),
    (
        "release",
        [
            "409 not_in_human_hands",
            "409 not_in_human_hands",
            "200 escalated escalated none",
            "200 escalated escalated none",
            "409 claimed",
            "200 waiting_customer escalated none",
            "200 waiting_customer escalated none",
            "409 not_in_human_hands",
            "409 ticket_closed",
        ],
    ),
    (
        "reply",
        [
            "201 waiting_customer escalated me",
            "201 waiting_customer escalated me",
            "201 waiting_customer escalated me",
            "201 waiting_customer escalated me",
            "409 claimed",
            "201 waiting_customer escalated me",
            "201 waiting_customer escalated me",
            "201 waiting_customer escalated me",
            "409 ticket_closed",
        ],
    ),
    (
        "reply and resolve",
        [
            "201 resolved active me",
            "201 resolved active me",
            "201 resolved active me",
            "201 resolved active me",
            "409 claimed",
            "201 resolved active me",
            "201 resolved active me",
            "201 resolved active me",
            "409 ticket_closed",
        ],
    ),
    (
        "hand back",
        [
            "409 not_in_human_hands",
            "409 not_in_human_hands",
            "200 waiting_customer active none",
            "200 open active none",
            "200 waiting_customer active none",
            "200 waiting_customer active none",
            "200 waiting_customer active none",
            "409 not_in_human_hands",
            "409 ticket_closed",
        ],
    ),
    (
        "resolve",
        [
            "200 resolved active none",
            "200 resolved active none",
            "200 resolved active none",
            "200 resolved active me",
            "200 resolved active them",
            "200 resolved active me",
            "200 resolved active none",
            "200 resolved active me",
            "409 ticket_closed",
        ],
    ),
    (
        "reopen",
        [
            "409 not_resolved",
            "409 not_resolved",
            "409 not_resolved",
            "409 not_resolved",
            "409 not_resolved",
            "409 not_resolved",
            "409 not_resolved",
            "200 in_progress escalated me",
            "409 ticket_closed",
        ],
    ),
    (
        "note",
        [
            "201 open active none",
            "201 waiting_customer active none",
            "201 escalated escalated none",
            "201 in_progress escalated me",
            "201 in_progress escalated them",
            "201 waiting_customer escalated me",
            "201 waiting_customer escalated none",
            "201 resolved active me",
            "201 closed closed none",
        ],
    ),
    (
        "customer writes",
        [
            "201 open active none",
            "201 open active none",
            "201 escalated escalated none",
            "201 in_progress escalated me",
            "201 in_progress escalated them",
            "201 in_progress escalated me",
            "201 escalated escalated none",
            "201 open active me",
            "409 ticket_closed",
        ],
    ),
];

pub struct Scene {
    pub team: Team,
    pub me: Agent,
    pub them: Agent,
}

/// Where the clocks of a conversation are, by its status and its ticket's.
const CLOCKS: &str = "\
select coalesce(k.state, 'stopped') = case when c.status <> 'escalated' then 'stopped'
                                           when t.status = 'waiting_customer' then 'waiting' else 'running' end
from conversations c join tickets t on t.conversation_id = c.id
left join conversation_clocks k on k.conversation_id = c.id where c.id::text = $1";

impl Scene {
    pub async fn serving(url: &str) -> Self {
        let team = Team::serving(url, Served::start(url, &[("AGENT_POOL_SIZE", "0")]).await).await;
        let me = team.agent(url, "me@example.com", "agent").await;
        let them = team.agent(url, "them@example.com", "agent").await;
        Self { team, me, them }
    }

    /// Tries each action in each place by `act`; what differs from the table. A refused one changes nothing, and the
    /// clocks are always where the state of the conversation says.
    pub async fn differences(
        &self,
        transitions: &[Transition],
        act: impl AsyncFn(&str, &str, &str) -> (u16, Value),
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        for (action, expected) in transitions {
            for (place, expected) in PLACES.iter().zip(expected) {
                let (ticket, conversation) = self.place(place).await;
                let before = self.state(&conversation).await;
                let (status, answer) = act(action, &ticket, &conversation).await;
                let after = self.state(&conversation).await;
                let got = match status {
                    409 => format!("409 {}", answer["code"].as_str().unwrap_or_default()),
                    422 => format!("422 {}", answer["errors"][0]["field"].as_str().unwrap_or_default()),
                    _ => format!("{status} {after}"),
                };
                if got != *expected || status >= 400 && after != before {
                    wrong.push(format!("{action} in {}: {got} ({after}), not {expected}: {answer}", place.0));
                }
                if !self.team.database.query_one(CLOCKS, &[&conversation]).await.unwrap().get::<_, bool>(0) {
                    wrong.push(format!("{action} in {}: the clocks are not those of {after}", place.0));
                }
            }
        }
        wrong
    }

    /// A conversation in that place; its ticket's id and its own.
    async fn place(&self, place: &Place) -> (String, String) {
        let (_, status, ticket_status, assignee, waits) = place;
        let (ticket, conversation) = self.team.submit(FORGOTTEN).await;
        let assignee = match *assignee {
            "me" => format!("'{}'", self.me.id),
            "them" => format!("'{}'", self.them.id),
            _ => "null".to_owned(),
        };
        let answered = if *waits { 0 } else { 1 };
        let move_there = format!(
            "update conversations set status = '{status}', assignee = {assignee}, answered_through = {answered}
             where id = '{conversation}';
             update messages set answered_by = case when {answered} = 1 then gen_random_uuid() end
             where conversation_id = '{conversation}';
             update tickets set status = '{ticket_status}',
                 resolved_at = case when '{ticket_status}' in ('resolved', 'closed') then now() end
             where id = '{ticket}'"
        );
        self.team.database.batch_execute(&move_there).await.unwrap();
        (ticket, conversation)
    }

    async fn act(&self, action: &str, ticket: &str, conversation: &str) -> (u16, Value) {
        let seen = self.team.newest(conversation).await;
        let (path, body) = match action {
            "claim" => ("claim", json!({})),
            "claim by force" => ("claim", json!({"force": true})),
            "assign to them" => ("assign", json!({"staff_id": self.them.id})),
            "release" => ("release", json!({})),
            "reply" => ("reply", json!({"text": "Hello", "seen_through": seen})),
            "reply and resolve" => {
                ("reply", json!({"text": "Hello", "seen_through": seen, "then": "resolve"}))
            }
            "hand back" => ("hand_back", json!({"instruction": "Be brief."})),
            "resolve" => ("resolve", json!({"seen_through": seen})),
            "reopen" => ("reopen", json!({})),
            "note" => ("note", json!({"text": "For us."})),
            "customer writes" => {
                let path = format!("/support/ticket/{ticket}/messages");
                return self.me.post(&path, json!({"message": "And another thing."})).await;
            }
            other => panic!("{other}"),
        };
        self.me.act(conversation, path, body).await
    }

    /// The state in the database, in the words of the table.
    async fn state(&self, conversation: &str) -> String {
        let find = "select t.status || ' ' || c.status || ' ' || coalesce(c.assignee::text, 'none')
                    from conversations c join tickets t on t.conversation_id = c.id where c.id::text = $1";
        let state: String = self.team.database.query_one(find, &[&conversation]).await.unwrap().get(0);
        state.replace(&self.me.id, "me").replace(&self.them.id, "them")
    }
}

#[tokio::test]
async fn every_action_in_every_state_does_what_the_table_says_or_refuses_and_changes_nothing() {
    let scene = Scene::serving(&fresh_database().await).await;
    let wrong = scene
        .differences(ACTIONS, async |action, ticket, conversation| {
            scene.act(action, ticket, conversation).await
        })
        .await;
    assert!(wrong.is_empty(), "{wrong:#?}");

    let invariant = "select count(*) from conversations c
                     where (c.answered_through = c.last_inbound) <> not exists (
                         select from messages m where m.conversation_id = c.id and m.direction = 'inbound'
                           and m.answered_by is null)";
    let broken: i64 = scene.team.database.query_one(invariant, &[]).await.unwrap().get(0);
    assert_eq!(broken, 0, "what waits is not what is unanswered");
}

#[tokio::test]
async fn admins_may_release_what_others_have_and_a_repeated_claim_gets_the_same_receipt() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let agent = team.agent(&url, "agent@example.com", "agent").await;
    let admin = team.agent(&url, "boss@example.com", "admin").await;
    let (_, conversation) = team.submit(FORGOTTEN).await;
    let first = agent.act(&conversation, "claim", json!({})).await;
    assert_eq!(first.0, 200, "{}", first.1);
    assert_eq!(agent.act(&conversation, "claim", json!({})).await, first);
    let claims = "select count(*) from audit_log where action = 'conversation.claimed'";
    assert_eq!(team.database.query_one(claims, &[]).await.unwrap().get::<_, i64>(0), 1);

    let (status, problem) = admin.act(&conversation, "claim", json!({})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("claimed")));
    assert_eq!(problem["assignee"], json!({"id": agent.id, "name": "Ann Lee"}));
    let (status, state) = admin.act(&conversation, "release", json!({})).await;
    assert_eq!((status, &state["assignee"]), (200, &json!(null)));
    let (status, problem) =
        admin.act(&conversation, "assign", json!({"staff_id": "11111111-1111-4111-8111-111111111111"})).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("staff_id")));
    let disable = "update staff set active = false where email = 'agent@example.com'";
    team.database.batch_execute(disable).await.unwrap();
    let (status, _) = admin.act(&conversation, "assign", json!({"staff_id": agent.id})).await;
    assert_eq!(status, 422, "a disabled account");
    let (status, _) = admin.act("11111111-1111-4111-8111-111111111111", "claim", json!({})).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn what_staff_tell_the_bot_reaches_its_next_turn_and_ends_with_the_next_hand_off() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let agent = team.agent(&url, "agent@example.com", "agent").await;
    let (_, conversation) = team.submit(FORGOTTEN).await;
    agent.act(&conversation, "claim", json!({})).await;
    let (status, _) = agent.act(&conversation, "hand_back", json!({"instruction": "Be brief."})).await;
    assert_eq!(status, 200);
    let store = crate::support::records::store(&url);
    let id = fte::domain::ids::ConversationId(conversation.parse().unwrap());
    let turn = crate::support::records::begin(&store, id, crate::support::records::process()).await.unwrap();
    assert_eq!(turn.instruction.as_deref(), Some("Be brief."));
    agent.act(&conversation, "claim", json!({})).await;
    agent.act(&conversation, "hand_back", json!({})).await;
    let turn = crate::support::records::begin(&store, id, crate::support::records::process()).await.unwrap();
    assert_eq!(turn.instruction, None);
    let ends = "select array_agg(state order by started_at) from turns";
    let ends: Vec<String> = team.database.query_one(ends, &[]).await.unwrap().get(0);
    assert_eq!(ends, ["taken_over", "running"]);
}
