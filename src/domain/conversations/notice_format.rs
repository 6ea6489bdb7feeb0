//! Formats of staff notices, as chat services take them on their incoming webhooks, and how a URL tells the service.

use std::str::FromStr;

/// The chat service behind a webhook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeFormat {
    /// Slack, and everything that takes `{"text": …}` with its markup.
    #[default]
    Slack,
    Mattermost,
    Discord,
    GoogleChat,
    /// Microsoft Teams: a workflow that posts an Adaptive Card.
    Teams,
}

impl NoticeFormat {
    pub const NAMES: &str = "slack, mattermost, discord, google_chat, teams";

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Mattermost => "mattermost",
            Self::Discord => "discord",
            Self::GoogleChat => "google_chat",
            Self::Teams => "teams",
        }
    }

    /// The format that the service of this URL takes; Slack's for a service that the URL does not tell.
    pub fn of_url(url: &str) -> Self {
        let url = url.to_ascii_lowercase();
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let host = authority.split(':').next().unwrap_or_default();
        let is_at = |domain: &str| {
            host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if is_at("discord.com") || is_at("discordapp.com") {
            // Discord takes Slack's format at a URL of its own.
            return if path.ends_with("/slack") { Self::Slack } else { Self::Discord };
        }
        if is_at("chat.googleapis.com") {
            return Self::GoogleChat;
        }
        let teams = [
            "logic.azure.com",
            "powerplatform.com",
            "powerautomate.com",
            "webhook.office.com",
            "outlook.office.com",
        ];
        if teams.into_iter().any(is_at) {
            return Self::Teams;
        }
        if host.contains("mattermost") { Self::Mattermost } else { Self::Slack }
    }
}

impl FromStr for NoticeFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Slack, Self::Mattermost, Self::Discord, Self::GoogleChat, Self::Teams]
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_tells_the_service() {
        for (url, expected) in [
            ("https://hooks.slack.com/services/T0/B0/x", NoticeFormat::Slack),
            ("https://discord.com/api/webhooks/1/x", NoticeFormat::Discord),
            ("https://canary.discord.com/api/v10/webhooks/1/x?thread_id=2", NoticeFormat::Discord),
            ("https://discordapp.com/api/webhooks/1/x", NoticeFormat::Discord),
            ("https://discord.com/api/webhooks/1/x/slack", NoticeFormat::Slack),
            ("https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t", NoticeFormat::GoogleChat),
            (
                "https://prod-7.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=x",
                NoticeFormat::Teams,
            ),
            (
                "https://default1.9.environment.api.powerplatform.com/powerautomate/automations/direct/x",
                NoticeFormat::Teams,
            ),
            ("https://example.webhook.office.com/webhookb2/x", NoticeFormat::Teams),
            ("https://mattermost.example.com/hooks/x", NoticeFormat::Mattermost),
            ("https://acme.cloud.mattermost.com/hooks/x", NoticeFormat::Mattermost),
            ("https://chat.example.com/hooks/x", NoticeFormat::Slack),
            ("https://notdiscord.com/api/webhooks/1/x", NoticeFormat::Slack),
            ("https://evil.example/discord.com/", NoticeFormat::Slack),
            ("http://127.0.0.1:9000/", NoticeFormat::Slack),
        ] {
            assert_eq!(NoticeFormat::of_url(url), expected, "{url}");
        }
    }

    #[test]
    fn every_name_reads_back() {
        for name in NoticeFormat::NAMES.split(", ") {
            assert_eq!(name.parse::<NoticeFormat>().map(NoticeFormat::as_str), Ok(name));
        }
        assert_eq!("Slack".parse::<NoticeFormat>(), Err(()));
    }
}
