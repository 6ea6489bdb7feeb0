//! Fixture with a GreenMail, a mail server in Java: IMAP and SMTP on free ports, with its mails in memory.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::dovecot::SUPPORT;
use super::wait::{LIMIT, eventually};

const PASSWORD: &str = "pw";
/// A customer whose mailbox is on the same server.
pub const CUSTOMER: &str = "ann@example.com";

/// A server; dropping it stops it.
pub struct GreenMail {
    child: Child,
    imap_port: u16,
    smtp_port: u16,
    _dir: TempDir,
}

impl GreenMail {
    pub async fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/greenmail.py");
        let fetched = Command::new("python3").arg(script).output().unwrap();
        assert!(fetched.status.success(), "{}", String::from_utf8_lossy(&fetched.stderr));
        let archive = String::from_utf8(fetched.stdout).unwrap();
        let (dir, imap_port, smtp_port) = (tempfile::tempdir().unwrap(), free_port(), free_port());
        let log = std::fs::File::create(dir.path().join("log")).unwrap();
        let child = Command::new("java")
            .args(["-Xmx128m", "-Dgreenmail.users.login=email"])
            .arg(format!("-Dgreenmail.users={},{}", user(SUPPORT), user(CUSTOMER)))
            .args(["-Dgreenmail.imap.hostname=127.0.0.1", "-Dgreenmail.smtp.hostname=127.0.0.1"])
            .arg(format!("-Dgreenmail.imap.port={imap_port}"))
            .arg(format!("-Dgreenmail.smtp.port={smtp_port}"))
            .args(["-jar", archive.trim()])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("java is missing: run `make kafka-packages`");
        let server = Self { child, imap_port, smtp_port, _dir: dir };
        // It listens before its users exist.
        let ready =
            async || server.mails_of(CUSTOMER, "INBOX").map(|_| ()).map_err(|error| error.to_string());
        eventually("GreenMail accepts a login", LIMIT, ready).await;
        server
    }

    /// As `IMAP_URL`.
    pub fn imap_url(&self) -> String {
        format!("imap://{}:{PASSWORD}@127.0.0.1:{}/INBOX", SUPPORT.replace('@', "%40"), self.imap_port)
    }

    /// As `SMTP_URL`; the login is that of IMAP.
    pub fn smtp_url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.smtp_port)
    }

    /// A mail arrives by SMTP.
    pub fn deliver(&self, from: &str, mail: &str) {
        let mut server = Dialogue::open(self.smtp_port).unwrap();
        let (from, to) = (format!("MAIL FROM:<{from}>"), format!("RCPT TO:<{SUPPORT}>"));
        for command in ["EHLO test", &from, &to, "DATA"] {
            server.say(command).unwrap();
            server.read_answer().unwrap();
        }
        server.say(&format!("{mail}\r\n.")).unwrap();
        let answer = server.read_answer().unwrap();
        assert!(answer.starts_with("250"), "{answer}");
    }

    /// The heads of the mails in a folder of a user, oldest first; none where there is no such folder.
    pub fn mails_of(&self, user: &str, folder: &str) -> std::io::Result<Vec<String>> {
        let mut server = Dialogue::open(self.imap_port)?;
        let login = server.command(&format!("LOGIN {user} {PASSWORD}"))?;
        if !login.contains("a OK") {
            return Err(std::io::Error::other(login));
        }
        if !server.command(&format!("EXAMINE {folder}"))?.contains("a OK") {
            return Ok(Vec::new());
        }
        let listed = server.command("FETCH 1:* (BODY.PEEK[HEADER])")?;
        Ok(listed.split("* ").filter(|part| part.contains("BODY[HEADER]")).map(str::to_owned).collect())
    }
}

impl Drop for GreenMail {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// A connection whose greeting was read.
struct Dialogue(BufReader<TcpStream>);

impl Dialogue {
    fn open(port: u16) -> std::io::Result<Self> {
        let mut dialogue = Self(BufReader::new(TcpStream::connect(("127.0.0.1", port))?));
        dialogue.read_line()?;
        Ok(dialogue)
    }

    fn say(&mut self, command: &str) -> std::io::Result<()> {
        self.0.get_mut().write_all(format!("{command}\r\n").as_bytes())
    }

    fn read_line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line)
    }

    /// An answer of SMTP, of several lines where it has several.
    fn read_answer(&mut self) -> std::io::Result<String> {
        loop {
            let line = self.read_line()?;
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(line);
            }
        }
    }

    /// A command of IMAP and everything that it is answered.
    fn command(&mut self, command: &str) -> std::io::Result<String> {
        self.say(&format!("a {command}"))?;
        let mut answer = String::new();
        loop {
            let line = self.read_line()?;
            let literal = line.trim_end().strip_suffix('}').and_then(|line| line.rsplit_once('{'));
            let bytes: u64 = literal.and_then(|(_, bytes)| bytes.parse().ok()).unwrap_or_default();
            answer.push_str(&line);
            (&mut self.0).take(bytes).read_to_string(&mut answer)?;
            if line.starts_with("a ") {
                return Ok(answer);
            }
        }
    }
}

fn user(address: &str) -> String {
    let (name, host) = address.split_once('@').unwrap();
    format!("{name}:{PASSWORD}@{host}")
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
