//! Composition of what talks to providers: channels, mails of codes, reports and push notices, as far as they are configured.

use std::sync::Arc;

use super::email::{self, MailParts};
use super::whatsapp;
use crate::actors::staff::reporter::ReportPlan;
use crate::actors::supervisor::ChannelPlan;
use crate::agent::handbook::Handbook;
use crate::channels::port::PushReceiver;
use crate::channels::reports::SendReport;
use crate::channels::verification::SendVerificationCode;
use crate::config::Config;
use crate::http::ChannelWebhooks;

/// What each part of the program gets of the providers.
pub struct Providers {
    pub webhooks: Vec<ChannelWebhooks>,
    pub channels: Vec<ChannelPlan>,
    pub codes: Option<Arc<dyn SendVerificationCode>>,
    pub reports: Option<Arc<ReportPlan>>,
    pub pushes: Option<Arc<dyn PushReceiver>>,
}

pub async fn open(config: &Config, handbook: &Handbook, public_url: &str) -> anyhow::Result<Providers> {
    let (webhooks, whatsapp) = chat(config, public_url)?;
    let MailParts { email, codes, reports, pushes } = mail(config, handbook, public_url).await?;
    let codes = codes.or_else(|| whatsapp.as_ref().and_then(|_| whatsapp::codes(config)));
    let reports = reports.and_then(|sender| report_plan(config, sender, handbook, public_url));
    let (webhooks, channels) = (webhooks.into_iter().collect(), whatsapp.into_iter().chain(email).collect());
    Ok(Providers { webhooks, channels, codes, reports, pushes })
}

/// The WhatsApp channel with its webhooks, if it is switched on.
fn chat(config: &Config, public_url: &str) -> anyhow::Result<(Option<ChannelWebhooks>, Option<ChannelPlan>)> {
    Ok(whatsapp::open(config, public_url)?.map(|open| (open.webhooks, open.channel)).unzip())
}

/// The e-mail channel. Replies come from whoever signs them.
async fn mail(config: &Config, handbook: &Handbook, public_url: &str) -> anyhow::Result<MailParts> {
    let from_name = handbook.voice.email.signature.last().cloned().unwrap_or_default();
    Ok(email::open(config, &from_name, public_url).await?.into())
}

/// The scheduled reports; `None` if there are to be none.
fn report_plan(
    config: &Config,
    sender: Arc<dyn SendReport>,
    handbook: &Handbook,
    public_url: &str,
) -> Option<Arc<ReportPlan>> {
    let plan = ReportPlan {
        sender,
        kinds: config.reports.kinds.clone(),
        at: config.reports.at,
        receivers: config.reports.receivers.clone(),
        company: handbook.voice.company.clone(),
        console: public_url.trim_end_matches('/').to_owned(),
    };
    Some(Arc::new(plan)).filter(|plan| !plan.kinds.is_empty())
}
