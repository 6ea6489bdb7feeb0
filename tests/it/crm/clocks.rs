//! SLA clocks: the database counts support hours exactly as the domain does.

use fte::agent::handbook::{Handbook, read_service_levels};
use fte::crm::port::SlaClockStore;
use fte::domain::conversations::service_levels::{CountedTime, SlaPlan, SlaTarget};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::support::postgres::{client, fresh_database};
use crate::support::records::store;

const NOW: OffsetDateTime = datetime!(2026-10-01 12:00 UTC);
/// For each of these places of the calendar.
const DUE: &str = "select support_due(w.plan, w.since, w.seconds)
                   from unnest($1::text[], $2::timestamptz[], $3::float8[]) with ordinality w (plan, since, seconds, n)
                   order by n";

#[tokio::test]
async fn the_database_counts_support_hours_as_the_domain_does() {
    let url = fresh_database().await;
    let hours = Handbook::own().unwrap().voice.hours;
    let levels = read_service_levels(Handbook::own_profile(), &hours).unwrap();
    let plan = SlaPlan { levels: levels.clone().into(), remind_after: None };
    let store = store(&url);
    assert!(store.write_service_levels(plan.clone(), NOW).await.unwrap());
    assert!(!store.write_service_levels(plan.clone(), NOW).await.unwrap(), "the same on the same day");
    assert!(store.write_service_levels(plan, NOW + Duration::DAY).await.unwrap(), "the calendar moves on");

    let (mut plans, mut sinces, mut seconds, mut expected) = (vec![], vec![], vec![], vec![]);
    for (number, place) in (0..1_500_i64).enumerate() {
        let level = &levels.plans[number % levels.plans.len()];
        // Every hour and a bit of half a year, over both changes of the clocks.
        let since = NOW - Duration::days(30) + Duration::minutes(place * 197);
        let length = Duration::minutes(1 + place * 7 % 4_000);
        let target = SlaTarget { length, counts: CountedTime::SupportHours };
        plans.push(level.plan.clone());
        sinces.push(since);
        seconds.push(length.as_seconds_f64());
        expected.push(target.due(level.hours.as_ref(), since));
    }
    let rows = client(&url).await.query(DUE, &[&plans, &sinces, &seconds]).await.unwrap();
    let found: Vec<OffsetDateTime> = rows.iter().map(|row| row.get(0)).collect();
    for (place, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert_eq!(found, expected, "{} since {} for {} s", plans[place], sinces[place], seconds[place]);
    }
    assert_eq!(found.len(), expected.len());
}
