//! Tests of customers' pages on a real PostgreSQL: paging, live events, ratings, people, reopening, the help centre.

mod browser_session;
mod events;
mod help;
mod identity;
mod lifetime;
mod live;
mod pages;
mod people;
