//! `fte report`: prints the report of a day or a week.

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use time::Date;

use crate::actors::staff::reporter::LISTED;
use crate::channels::reports::{html, markdown};
use crate::cli::CommandOutcome;
use crate::cli::knowledge::knowledge_stores::KnowledgeStores;
use crate::cli::wiring::handbook;
use crate::clock;
use crate::config::{Config, HttpConfig};
use crate::crm::port::SupportReports;
use crate::domain::enums::ReportKind;
use crate::domain::reports::digest::ReportDigest;
use crate::domain::reports::schedule::parse_day;
use crate::http::api::reports::{ConversationBehind, ReportDocument};

#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// The report of one day in UTC; yesterday's unless given.
    Daily(ReportOptions),
    /// The report of the week from Monday to Sunday that a day is in; last week's unless given.
    Weekly(ReportOptions),
}

/// Prints volume, who answered, why people were needed, answer times, ratings, sentiment, cost, and the questions that the
/// documents do not answer, of the conversations that began in the period. Works with and without a running server.
#[derive(Debug, Args)]
pub struct ReportOptions {
    /// A day such as 2026-11-30.
    #[arg(long, value_parser = day, value_name = "DAY")]
    date: Option<Date>,
    /// md for people, html as it is mailed, json as in GET /staff/reports, with the conversations to read.
    #[arg(long, value_enum, default_value_t = ReportForm::Md)]
    format: ReportForm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportForm {
    Md,
    Html,
    Json,
}

fn day(text: &str) -> Result<Date, String> {
    parse_day(text).ok_or_else(|| "expected a day such as 2026-11-30".to_owned())
}

pub async fn run(config: Config, order: ReportCommand) -> anyhow::Result<CommandOutcome> {
    let (kind, options) = match order {
        ReportCommand::Daily(options) => (ReportKind::Daily, options),
        ReportCommand::Weekly(options) => (ReportKind::Weekly, options),
    };
    let day = options.date.unwrap_or_else(|| kind.period_before(clock::now().date()).from);
    let company = handbook::load(&config)?.voice.company;
    let local = || HttpConfig::local_url((config.http.host, config.http.port).into());
    let console = config.http.base_url.clone().unwrap_or_else(local);
    let console = console.trim_end_matches('/');
    let stores = KnowledgeStores::without_model(&config).await?;
    let digest = stores.store.digest(kind, day, LISTED).await;
    stores.close().await?;
    let digest = digest?;
    match options.format {
        ReportForm::Md => print!("{}", markdown(&digest, &company, console)),
        ReportForm::Html => println!("{}", html(&digest, &company, console)),
        ReportForm::Json => println!("{}", serde_json::to_string(&PrintedReport::from(digest))?),
    }
    Ok(CommandOutcome::Passed)
}

/// The report as the API has it, with its kind and its lists.
#[derive(Serialize)]
struct PrintedReport {
    kind: ReportKind,
    #[serde(flatten)]
    report: ReportDocument,
    low_sentiment: Vec<ConversationBehind>,
    questions_without_source: Vec<ConversationBehind>,
}

impl From<ReportDigest> for PrintedReport {
    fn from(digest: ReportDigest) -> Self {
        let list = |counted: Vec<_>| counted.into_iter().map(ConversationBehind::from).collect();
        Self {
            kind: digest.kind,
            report: digest.report.into(),
            low_sentiment: list(digest.low_sentiment),
            questions_without_source: list(digest.gaps),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_named_in_one_way() {
        assert!(day("2026-11-30").is_ok());
        assert_eq!(day("yesterday"), Err("expected a day such as 2026-11-30".to_owned()));
    }
}
