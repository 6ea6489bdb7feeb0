//! Chaos test: three intake processes and three workers with Kafka and PostgreSQL on one machine, while processes are
//! killed, stopped and replaced, the broker stops, and the network delays, resets and partitions, under load of all three
//! channels. `make chaos` runs it for `FTE_CHAOS_MINUTES`.
//!
//! The faults of the network are those of a proxy of the tests, between the processes and PostgreSQL, Twilio and the
//! mailbox. The verdict is that of the records and of the providers' ledgers.

mod load;
mod memory;
mod records;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use fte::channels::whatsapp::sandbox::{Reports, SandboxFaults};
use fte::clock;
use futures_util::future::{join, join4};
use rustix::process::Signal;

use self::load::Sent;
use self::memory::MemorySamples;
use crate::support::crowd::{crowd, size};
use crate::support::customers::CurrentUrl;
use crate::support::dovecot::Dovecot;
use crate::support::fault_proxy::{FaultProxy, NetworkFault};
use crate::support::kafka::Cluster;
use crate::support::postgres::{client, fresh_database};
use crate::support::served::{Place, Served};
use crate::support::smtp::{SinkAccess, SmtpSink};
use crate::support::twilio::FakeTwilio;
use crate::support::wait::{LIMIT, pause};

const ROLES: [&str; 6] = ["intake", "intake", "intake", WORKER, WORKER, WORKER];
const WORKER: &str = "agent,delivery,desk";
/// These are stopped, but never killed: their memory is compared.
const KEPT: [usize; 2] = [0, 3];
const INTAKES: usize = 3;
/// Of the test's own programs there are four at once.
const PLACES: u32 = 6;
/// Shorter runs end before the caches are full, so that their growth of memory is printed only.
const MINUTES_TO_JUDGE_MEMORY: u64 = 30;

pub struct Scene {
    pub url: String,
    pub twilio: FakeTwilio,
    pub dovecot: Dovecot,
    pub smtp: SmtpSink,
    cluster: Cluster,
    /// Before PostgreSQL, Twilio and the mailbox.
    proxies: [FaultProxy; 3],
    variables: Vec<(String, String)>,
    served: RefCell<Vec<Option<Served>>>,
    endpoint: CurrentUrl,
    happened: RefCell<HashMap<&'static str, u32>>,
}

fn address(url: &str) -> SocketAddr {
    let url = reqwest::Url::parse(url).unwrap();
    format!("{}:{}", url.host_str().unwrap(), url.port().unwrap()).parse().unwrap()
}

async fn proxied(url: &str) -> (FaultProxy, String) {
    let proxy = FaultProxy::start(address(url)).await;
    let through = url.replacen(&address(url).to_string(), &proxy.address.to_string(), 1);
    (proxy, through)
}

/// The SMTP server keeps the copies, as those of the large providers do: without copies it can't be asked whether a mail
/// was accepted.
/// A database without the quiet time before in-doubt sends are repeated, and which notes whom it takes for dead.
async fn prepared_database() -> String {
    let url = fresh_database().await;
    let database = client(&url).await;
    database.batch_execute("update channel_configs set quiet_ms = 0").await.unwrap();
    database.batch_execute(records::SUSPICIONS).await.unwrap();
    url
}

async fn mail_servers() -> (Dovecot, SmtpSink) {
    let dovecot = Dovecot::start().await;
    let copies = SinkAccess { sent_folder: Some(dovecot.sent_folder()), ..SinkAccess::default() };
    (dovecot, SmtpSink::start_with(&[], copies))
}

impl Scene {
    async fn open() -> Self {
        let cluster = Cluster::start(1).await;
        let url = prepared_database().await;
        let twilio =
            FakeTwilio::with(SandboxFaults { reports: Reports::InOrder, ..SandboxFaults::default() });
        let (dovecot, smtp) = mail_servers().await;
        let (postgres, database_url) = proxied(&url).await;
        let (api, api_url) = proxied(twilio.sandbox.url()).await;
        let (imap, imap_url) = proxied(&dovecot.url()).await;
        let origins = twilio.sandbox.origins().join(",");
        let smtp_url = smtp.url();
        let mut variables = twilio.variables(&origins);
        variables.retain(|(name, _)| *name != "TWILIO_API_BASE_URL");
        variables.extend([
            ("DATABASE_URL", database_url.as_str()),
            ("KAFKA_BOOTSTRAP_SERVERS", cluster.servers.as_str()),
            ("TWILIO_API_BASE_URL", &api_url),
            ("IMAP_URL", &imap_url),
            ("SMTP_URL", &smtp_url),
            ("EMAIL_AUTHSERV_ID", load::AUTHSERV),
            ("EMAIL_POLL_SECONDS", "10"),
            ("EMAIL_SENT_COPIES", "off"),
            ("EMAIL_MESSAGES_PER_SECOND", "1000"),
        ]);
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let variables = variables.into_iter().map(owned).collect();
        Self {
            url,
            twilio,
            dovecot,
            smtp,
            cluster,
            proxies: [postgres, api, imap],
            variables,
            served: RefCell::default(),
            endpoint: CurrentUrl::at("http://127.0.0.1:9"),
            happened: RefCell::default(),
        }
    }

    async fn start(&self, place: Place, role: &str) -> Served {
        let variables: Vec<(&str, &str)> =
            self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Served::start_with(place, &self.url, &["--roles", role], &variables).await
    }

    async fn start_all(&self) {
        for (place, role) in Served::more_places(PLACES).await.into_iter().zip(ROLES) {
            let served = self.start(place, role).await;
            println!("{} started {role} {}", clock::now(), served.pid());
            self.served.borrow_mut().push(Some(served));
        }
    }

    /// The base URL of an intake process that runs; another one each time.
    fn base(&self, turn: usize) -> Option<String> {
        let served = self.served.borrow();
        let running: Vec<&Served> = served.iter().take(INTAKES).flatten().collect();
        running.get(turn % running.len().max(1)).map(|served| served.base.clone())
    }

    fn signal(&self, which: usize, signal: Signal) {
        if let Some(served) = &self.served.borrow()[which] {
            served.send(signal);
        }
    }

    fn note(&self, fault: &'static str) {
        println!("{} {fault}", clock::now());
        *self.happened.borrow_mut().entry(fault).or_default() += 1;
    }

    /// Ends a process and starts another one in its place.
    async fn replace(&self, which: usize, is_crash: bool) {
        let served = self.served.borrow_mut()[which].take().unwrap();
        let place = if is_crash {
            self.note("kill");
            served.killed().await
        } else {
            self.note("restart");
            served.terminated().await.2
        };
        let served = self.start(place, ROLES[which]).await;
        self.served.borrow_mut()[which] = Some(served);
    }

    async fn stop(&self, which: usize, length: Duration) {
        self.note("stop of a process");
        self.signal(which, Signal::STOP);
        pause("a process is stopped", length).await;
        self.signal(which, Signal::CONT);
    }

    async fn stop_broker(&self, length: Duration) {
        self.note("stop of the broker");
        self.cluster.signal(1, Signal::STOP);
        pause("the broker is stopped", length).await;
        self.cluster.signal(1, Signal::CONT);
    }

    async fn disturb(&self, proxy: &FaultProxy, fault: NetworkFault, length: Duration) {
        match fault {
            NetworkFault::None => {
                self.note("reset of connections");
                proxy.reset();
            }
            NetworkFault::Latency(_) => self.note("latency"),
            NetworkFault::Partition => self.note("partition"),
        }
        proxy.set(fault);
        pause("the network is disturbed", length).await;
        proxy.set(NetworkFault::None);
    }

    /// One fault after the other until the end, at random.
    async fn faults(&self, goes_on: &impl Fn() -> bool) {
        while goes_on() {
            pause("from one fault to the next", seconds(1.0, 4.0)).await;
            let which = below(ROLES.len());
            match below(8) {
                0 | 1 if !KEPT.contains(&which) => self.replace(which, true).await,
                2 if !KEPT.contains(&which) => self.replace(which, false).await,
                0..=3 => self.stop(which, seconds(1.0, 12.0)).await,
                4 => self.stop_broker(seconds(1.0, 8.0)).await,
                5 => {
                    let latency = NetworkFault::Latency(seconds(0.01, 0.15));
                    self.disturb(&self.proxies[below(3)], latency, seconds(2.0, 6.0)).await;
                }
                6 => self.disturb(&self.proxies[below(3)], NetworkFault::None, Duration::ZERO).await,
                _ => self.disturb(&self.proxies[below(3)], NetworkFault::Partition, seconds(1.0, 6.0)).await,
            }
        }
    }

    /// As a load balancer, sends customers to another process each time.
    async fn balance(&self, is_over: &Cell<bool>) {
        for turn in 0.. {
            if is_over.get() {
                return;
            }
            if let Some(base) = self.base(turn) {
                self.endpoint.move_to(&base);
            }
            pause("the load balancer", Duration::from_millis(250)).await;
        }
    }

    /// The resident memory of the processes that are never killed, in KiB.
    fn memory(&self) -> Vec<u64> {
        let served = self.served.borrow();
        KEPT.iter().map(|which| resident_kib(served[*which].as_ref().unwrap().pid())).collect()
    }
}

fn resident_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

fn below(count: usize) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to below a small count"
    )]
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let drawn = (clock::chance() * count as f64) as usize;
    drawn.min(count - 1)
}

fn seconds(from: f64, to: f64) -> Duration {
    Duration::from_secs_f64(from + clock::chance() * (to - from))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: make chaos"]
async fn chaos() {
    let minutes = u64::try_from(size("FTE_CHAOS_MINUTES", 3)).unwrap();
    let customers = size("FTE_CHAOS_CUSTOMERS", 12);
    let scene = Scene::open().await;
    scene.start_all().await;
    let (began, length) = (clock::monotonic(), Duration::from_secs(60 * minutes));
    let goes_on = || clock::monotonic().duration_since(began) < length;
    let (is_over, memory, sent) = (Cell::new(false), MemorySamples::default(), Sent::default());
    let writing = async {
        let web = crowd(&scene.endpoint, customers, 1, goes_on);
        let chats = load::chats(&scene, &sent, customers, goes_on);
        let (posts, (), (), ()) =
            join4(web, chats, load::mails(&scene, &sent, goes_on), scene.faults(&goes_on)).await;
        is_over.set(true);
        posts
    };
    let ((posts, ()), ()) = join(join(writing, scene.balance(&is_over)), memory.take(&scene, &is_over)).await;

    let settled = records::settled(&scene, 5 * LIMIT).await;
    let verdict = records::verdict(&scene, &posts, &sent).await;
    records::print_details(&scene).await;
    let mut faults: Vec<String> =
        scene.happened.borrow().iter().map(|(fault, times)| format!("{times} × {fault}")).collect();
    faults.sort();
    println!("chaos for {minutes} min: {}", faults.join(", "));
    println!(
        "{verdict}; all settled {settled:?} after the end; memory of an intake and a worker, medians of each twelfth of the \
         run: {memory}"
    );
    assert!(verdict.is_clean(), "{verdict}");
    assert!(minutes < MINUTES_TO_JUDGE_MEMORY || memory.is_bounded(), "memory grows: {memory}");
}
