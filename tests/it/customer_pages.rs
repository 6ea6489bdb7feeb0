//! Tests of customers' pages on a real PostgreSQL: paging, live events, ratings, people, reopening, the help centre.

mod events;
mod help;
mod lifetime;
mod live;
mod pages;
mod people;
