//! Data transfer objects of the activity on each channel.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::enums::Channel;
use crate::domain::views::ChannelMetrics;

/// The activity of each channel in a window of time that ends now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelMetricsWindow {
    pub window_hours: u32,
    pub channels: MetricsByChannel,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MetricsByChannel {
    pub email: ChannelActivity,
    pub whatsapp: ChannelActivity,
    pub web_form: ChannelActivity,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelActivity {
    /// Conversations with a message in the window.
    pub conversations: i64,
    pub inbound: i64,
    pub outbound: i64,
    pub escalations: i64,
    /// Mean time of a turn from its start to its commit; null without turns.
    #[schema(required)]
    pub avg_latency_ms: Option<f64>,
    #[schema(required)]
    pub avg_sentiment: Option<f64>,
}

impl MetricsByChannel {
    /// A channel without activity gets zeros.
    pub fn new(metrics: &[(Channel, ChannelMetrics)]) -> Self {
        let of = |channel: Channel| {
            let found = metrics.iter().find(|(other, _)| *other == channel);
            ChannelActivity::from(found.map(|(_, metrics)| *metrics).unwrap_or_default())
        };
        Self { email: of(Channel::Email), whatsapp: of(Channel::Whatsapp), web_form: of(Channel::WebForm) }
    }
}

impl From<ChannelMetrics> for ChannelActivity {
    fn from(metrics: ChannelMetrics) -> Self {
        Self {
            conversations: metrics.conversations,
            inbound: metrics.inbound,
            outbound: metrics.outbound,
            escalations: metrics.escalations,
            avg_latency_ms: metrics.avg_latency_ms,
            avg_sentiment: metrics.avg_sentiment,
        }
    }
}
