//! `fte fake-openai`: a fake model service for trying and load-testing the program without an account.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use crate::fakes::openai::{Act, Asked, FakeFault, FaultInjection, Script, named, server};

/// Serve a fake OpenAI-compatible service on 127.0.0.1; ctrl-C ends it.
/// Then, in another terminal: OPENAI_BASE_URL=http://127.0.0.1:9100/v1 fte serve. It answers by a script: `grounded`
/// repeats
/// the best passage and cites it, `obeying` does what customers tell it, `endless-tools` never ends, `wrong-tool` calls
/// unknown tools, `talking` calls none. It stores nothing and calls no other service.
#[derive(Debug, Args)]
pub struct FakeOpenaiOptions {
    /// The port to listen on; 0 picks a free one.
    #[arg(long, default_value_t = 9100)]
    port: u16,
    /// grounded, obeying, endless-tools, wrong-tool or talking.
    #[arg(long, default_value = "grounded")]
    script: String,
    /// Latency of each answer, in milliseconds.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// Percentage of requests that fail, in ten ways.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=100))]
    faults_percent: u64,
    /// Seed that decides which requests fail, and how.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub async fn run(options: FakeOpenaiOptions) -> anyhow::Result<()> {
    let script =
        named(&options.script).with_context(|| format!("there is no script `{}`", options.script))?;
    let late = Late { by: Duration::from_millis(options.latency_ms), script };
    let faults = FaultInjection {
        percent: options.faults_percent,
        kinds: FakeFault::ALL.to_vec(),
        seed: options.seed,
        script: late,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
        .with_context(|| format!("could not listen on port {}", options.port))?;
    let address = listener.local_addr()?;
    let server = server(listener, Arc::new(faults))?;
    println!("OPENAI_BASE_URL=http://{address}/v1");
    tokio::select! {
        served = server => served.context("the server failed"),
        stopped = tokio::signal::ctrl_c() => stopped.context("could not wait for ctrl-C"),
    }
}

/// A script with latency.
struct Late {
    by: Duration,
    script: Arc<dyn Script>,
}

impl Script for Late {
    fn act(&self, asked: &Asked) -> Act {
        let act = self.script.act(asked);
        Act { after: act.after + self.by, ..act }
    }
}
