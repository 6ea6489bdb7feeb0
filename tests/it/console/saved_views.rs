//! Saved views: own ones and those of the team, who may change them, their limits, and that a view shows what it says.

use serde_json::{Value, json};

use super::rig::{Agent, Team};
use crate::support::postgres::fresh_database;
use crate::support::served::Served;

async fn names(agent: &Agent) -> Vec<String> {
    let list = agent.get("/staff/views").await;
    let items = list["items"].as_array().unwrap().iter();
    items.map(|view| view["name"].as_str().unwrap().to_owned()).collect()
}

fn view(name: &str, shared: bool) -> Value {
    let filters = json!({"channel": "email", "assignee": "me", "tag": "vip", "breached": true});
    json!({"name": name, "shared": shared, "queue": "mine", "sort": "-last_message", "filters": filters})
}

#[tokio::test]
async fn a_view_is_its_authors_or_the_teams_and_has_one_name() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    let bob = team.agent(&url, "bob@example.com", "agent").await;
    let chief = team.agent(&url, "chief@example.com", "admin").await;

    let (status, own) = ann.post("/staff/views", view("VIP", false)).await;
    assert_eq!(status, 201, "{own}");
    let mut expected = view("VIP", false);
    expected["id"] = own["id"].clone();
    expected["author"] = json!({"id": ann.id, "name": "Ann Lee"});
    assert_eq!(own, expected);
    assert_eq!(ann.get("/staff/views").await, json!({"items": [expected], "next_cursor": null}));
    assert_eq!(names(&bob).await, [""; 0], "it is the author's alone");

    let (status, shared) = ann.post("/staff/views", view("vip", true)).await;
    assert_eq!(status, 201, "the team's names are others: {shared}");
    for (agent, name, shared) in [(&ann, "Vip", false), (&bob, "VIP", true)] {
        let (status, problem) = agent.post("/staff/views", view(name, shared)).await;
        assert_eq!((status, &problem["code"]), (409, &json!("name_taken")), "{name}");
        assert!(problem["detail"].as_str().unwrap().contains("choose another name"), "{problem}");
    }
    assert_eq!(names(&bob).await, ["vip"]);

    let of = |view: &Value| format!("/staff/views/{}", view["id"].as_str().unwrap());
    let (own, shared) = (of(&own), of(&shared));
    assert_eq!(bob.ask("PUT", &shared, Some(view("Other", true))).await.0, 403);
    assert_eq!(bob.ask("DELETE", &shared, None).await.0, 403);
    for method in ["PUT", "DELETE"] {
        let body = (method == "PUT").then(|| view("Other", true));
        assert_eq!(chief.ask(method, &own, body).await.0, 404, "an own view is not even an admin's");
    }
    let (status, changed) =
        chief.ask("PUT", &shared, Some(json!({"name": "Team", "queue": "all", "shared": true}))).await;
    assert_eq!((status, &changed["name"], &changed["filters"]), (200, &json!("Team"), &json!({})));
    let (status, problem) = ann.ask("PUT", &own, Some(view("Team", true))).await;
    assert_eq!((status, &problem["code"]), (409, &json!("name_taken")));
    assert_eq!(chief.ask("DELETE", &shared, None).await.0, 204);
    assert_eq!(names(&ann).await, ["VIP"]);
    each_change_is_audited(&team).await;

    views_are_bounded(&team, &ann).await;
    a_view_is_valid(&ann).await;
}

async fn each_change_is_audited(team: &Team) {
    let actions = "select array_agg(action order by at, id) from audit_log where subject_kind = 'view'";
    let actions: Vec<String> = team.database.query_one(actions, &[]).await.unwrap().get(0);
    assert_eq!(actions, ["view.added", "view.added", "view.changed", "view.removed"]);
}

async fn views_are_bounded(team: &Team, ann: &Agent) {
    let fill = "insert into saved_views (id, staff_id, name, shared, queue, sort, filters)
                select gen_random_uuid(), $1::text::uuid, 'View ' || n, false, 'all', 'due', '{}'
                from generate_series(1, 48) n";
    team.database.execute(fill, &[&ann.id]).await.unwrap();
    // Two at the same time, with room for one.
    let (one, other) = tokio::join!(
        ann.post("/staff/views", view("Last", false)),
        ann.post("/staff/views", view("One too many", false))
    );
    let (full, room): (Vec<_>, Vec<_>) = [one, other].into_iter().partition(|(status, _)| *status == 409);
    assert_eq!(room[0].0, 201);
    assert_eq!(full[0].1["code"], "too_many_views");
    assert_eq!(names(ann).await.len(), 50);
    views_are_listed_by_the_page(team, ann).await;
}

/// However many views the team has, an account's own are listed.
async fn views_are_listed_by_the_page(team: &Team, ann: &Agent) {
    let fill = "insert into saved_views (id, staff_id, name, shared, queue, sort, filters)
                select gen_random_uuid(), (select id from staff where email = 'bob@example.com'), 'Team ' || n, true,
                       'all', 'due', '{}' from generate_series(1, 520) n";
    team.database.batch_execute(fill).await.unwrap();
    let (mut path, mut listed) = ("/staff/views?limit=100".to_owned(), 0);
    for _page in 0..6 {
        let page = ann.get(&path).await;
        listed += page["items"].as_array().unwrap().len();
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/staff/views?limit=100&cursor={cursor}");
    }
    assert_eq!(listed, 570);
    assert_eq!(names(ann).await.len(), 50, "a page without a limit");
    for (query, field) in [("limit=0", "limit"), ("cursor=x", "cursor"), ("page=2", "page")] {
        let (status, problem) = ann.ask("GET", &format!("/staff/views?{query}"), None).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    team.database.batch_execute("delete from saved_views where shared").await.unwrap();
}

async fn a_view_is_valid(ann: &Agent) {
    let long = "x".repeat(61);
    for (body, field) in [
        (json!({"name": long, "queue": "all"}), "name"),
        (json!({"name": " ", "queue": "all"}), "name"),
        (json!({"name": "a", "queue": "nowhere"}), "queue"),
        (json!({"name": "a", "queue": "all", "sort": "random"}), "sort"),
        (json!({"name": "a", "queue": "all", "filters": {"sql": "1"}}), "filters"),
        (json!({"name": "a", "queue": "all", "color": "red"}), "color"),
    ] {
        let (status, problem) = ann.post("/staff/views", body).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
}
