//! The settings that pages read, from the configuration; the logo is read once.

use std::path::Path;

use anyhow::Context;

use crate::config::Config;
use crate::http::{Logo, Site};

/// Every visitor loads it.
const LOGO_MAX_BYTES: usize = 512 * 1024;

/// `company` is the name in the brand voice.
pub fn site(config: &Config, company: &str) -> anyhow::Result<Site> {
    let pages = &config.pages;
    Ok(Site {
        company: pages.company.clone().unwrap_or_else(|| company.to_owned()),
        logo: pages.logo.as_deref().map(logo).transpose()?,
        accent: pages.accent.clone(),
        api_base: pages.api_base.clone().unwrap_or_default(),
        reopen_days: config.desk.idle.reopen_days(),
    })
}

fn logo(path: &Path) -> anyhow::Result<Logo> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let content_type = match extension.to_ascii_lowercase().as_str() {
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        _ => anyhow::bail!("COMPANY_LOGO is {}, it expects a .svg, .png, .webp or .jpg file", path.display()),
    };
    let content =
        std::fs::read(path).with_context(|| format!("could not read COMPANY_LOGO, {}", path.display()))?;
    anyhow::ensure!(content.len() <= LOGO_MAX_BYTES, "COMPANY_LOGO has more than {LOGO_MAX_BYTES} bytes");
    Ok(Logo { content: content.into(), content_type })
}
