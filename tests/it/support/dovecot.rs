//! Fixture with a real Dovecot: an IMAP server on a free port with one mailbox, into which mails are delivered by LMTP.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::tls_proxy::Authority;
use super::wait::{LIMIT, eventually};

/// The mailbox.
pub const SUPPORT: &str = "support@acme.example";
const PASSWORD: &str = "pass/word1";
/// Dovecot refuses to keep mails as root.
const OWNER: u32 = 1;

/// A server with its mails; dropping it stops it.
pub struct Dovecot {
    dir: TempDir,
    imap_port: u16,
    lmtp_port: u16,
    imaps_port: Option<u16>,
}

impl Dovecot {
    pub async fn start() -> Self {
        Self::start_with(None).await
    }

    /// With a certificate for `localhost`, it offers STARTTLS, and TLS from the first byte on another port.
    pub async fn start_with(authority: Option<&Authority>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let mail = dir.path().join("mail");
        fs::create_dir(&mail).unwrap();
        std::os::unix::fs::chown(&mail, Some(OWNER), Some(OWNER)).unwrap();
        fs::write(dir.path().join("users"), format!("{SUPPORT}:{{PLAIN}}{PASSWORD}\n")).unwrap();
        fs::write(dir.path().join("tokens"), "").unwrap();
        let (imap_port, lmtp_port) = (free_port(), free_port());
        let imaps_port = authority.map(|authority| {
            authority.write_server(dir.path(), "localhost");
            free_port()
        });
        let dovecot = Self { dir, imap_port, lmtp_port, imaps_port };
        fs::write(dovecot.config(), dovecot.settings()).unwrap();
        dovecot.run().await;
        dovecot
    }

    fn settings(&self) -> String {
        let dir = self.dir.path().display();
        let (imap, lmtp, imaps) = (self.imap_port, self.lmtp_port, self.imaps_port.unwrap_or_default());
        let tls = match self.imaps_port {
            Some(_) => format!("ssl = yes\nssl_cert = <{dir}/server.pem\nssl_key = <{dir}/server.pem"),
            None => "ssl = no".to_owned(),
        };
        format!(
            "base_dir = {dir}/run\nlog_path = {dir}/log\nlisten = 127.0.0.1\n{tls}\n\
             disable_plaintext_auth = no\nprotocols = imap lmtp\nfirst_valid_uid = {OWNER}\n\
             auth_mechanisms = plain login xoauth2\n\
             mail_location = maildir:{dir}/mail/%u\nmail_max_userip_connections = 100\n\
             passdb {{\n driver = passwd-file\n mechanisms = plain login\n args = {dir}/users\n}}\n\
             passdb {{\n driver = passwd-file\n mechanisms = xoauth2\n args = {dir}/tokens\n}}\n\
             userdb {{\n driver = static\n args = uid={OWNER} gid={OWNER} home={dir}/mail/%u allow_all_users=yes\n}}\n\
             service imap-login {{\n inet_listener imap {{\n  port = {imap}\n }}\n inet_listener imaps {{\n  port = {imaps}\n }}\n}}\n\
             service lmtp {{\n inet_listener lmtp {{\n  port = {lmtp}\n }}\n}}\n\
             namespace inbox {{\n inbox = yes\n mailbox Sent {{\n  special_use = \\Sent\n  auto = create\n }}\n}}\n"
        )
    }

    fn config(&self) -> PathBuf {
        self.dir.path().join("dovecot.conf")
    }

    /// Starts it on the same ports, with the same mails.
    pub async fn run(&self) {
        let started = Command::new("dovecot").arg("-c").arg(self.config()).status();
        assert!(started.expect("dovecot is missing: run `make test-packages`").success());
        for port in [self.imap_port, self.lmtp_port] {
            let up = async || {
                TcpStream::connect(("127.0.0.1", port)).map(|_| ()).map_err(|error| error.to_string())
            };
            eventually("dovecot listens", LIMIT, up).await;
        }
    }

    /// Every connection is closed.
    pub async fn stop(&self) {
        self.quit();
        let pid = self.dir.path().join("run/master.pid");
        let gone = async || if pid.exists() { Err("it still runs") } else { Ok(()) };
        eventually("dovecot has stopped", LIMIT, gone).await;
    }

    fn quit(&self) {
        let _status = Command::new("doveadm").arg("-c").arg(self.config()).arg("stop").status();
    }

    /// Gives INBOX a new UIDVALIDITY and its mails new UIDs, as after a restored backup. The server must be stopped.
    pub fn forget_uids(&self) {
        for entry in fs::read_dir(self.mailbox()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if name.starts_with("dovecot-uidlist")
                || name.starts_with("dovecot.index")
                || name.starts_with("dovecot-uidvalidity")
            {
                fs::remove_file(path).unwrap();
            }
        }
    }

    fn mailbox(&self) -> PathBuf {
        self.dir.path().join("mail").join(SUPPORT)
    }

    /// As `IMAP_URL`.
    pub fn url(&self) -> String {
        format!("imap://support%40acme.example:pass%2Fword1@127.0.0.1:{}/INBOX", self.imap_port)
    }

    /// The same for a client that checks the certificate: by TLS from the first byte, or by STARTTLS.
    pub fn encrypted_url(&self, is_implicit: bool) -> String {
        let (scheme, port) = match self.imaps_port {
            Some(port) if is_implicit => ("imaps", port),
            Some(_) | None => ("imap", self.imap_port),
        };
        format!("{scheme}://support%40acme.example:pass%2Fword1@localhost:{port}/INBOX")
    }

    /// The only password that is accepted from now on.
    pub fn accept_password(&self, password: &str) {
        fs::write(self.dir.path().join("users"), format!("{SUPPORT}:{{PLAIN}}{password}\n")).unwrap();
    }

    /// The same as [`Dovecot::url`], with another password.
    pub fn url_with(&self, password: &str) -> String {
        self.url().replace("pass%2Fword1", password)
    }

    /// The only access token that is accepted from now on (XOAUTH2).
    pub fn accept_token(&self, token: &str) {
        fs::write(self.dir.path().join("tokens"), format!("{SUPPORT}:{{PLAIN}}{token}\n")).unwrap();
    }

    /// Every line of its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    /// A mail arrives.
    pub fn deliver(&self, from: &str, mail: &str) {
        let stream = TcpStream::connect(("127.0.0.1", self.lmtp_port)).unwrap();
        let mut answers = BufReader::new(stream.try_clone().unwrap());
        let mut stream = stream;
        expect(&mut answers, "220");
        let envelope = ["LHLO test", &format!("MAIL FROM:<{from}>"), &format!("RCPT TO:<{SUPPORT}>")];
        for command in envelope {
            stream.write_all(format!("{command}\r\n").as_bytes()).unwrap();
            expect(&mut answers, "250");
        }
        stream.write_all(b"DATA\r\n").unwrap();
        expect(&mut answers, "354");
        stream.write_all(mail.as_bytes()).unwrap();
        stream.write_all(b"\r\n.\r\n").unwrap();
        expect(&mut answers, "250");
    }

    /// The mails in the Sent folder.
    pub fn sent(&self) -> Vec<String> {
        ["cur", "new"].iter().flat_map(|part| files(&self.mailbox().join(".Sent").join(part))).collect()
    }

    /// A copy that the provider keeps by itself.
    pub fn keep(&self, mail: &str) {
        self.sent_folder().keep(mail);
    }

    pub fn sent_folder(&self) -> SentFolder {
        SentFolder(self.mailbox().join(".Sent"))
    }

    /// Somebody moves a mail into the INBOX: no server adds a trace field.
    pub fn move_in(&self, mail: &str) {
        put(&self.mailbox().join("new"), mail);
    }
}

/// The folder of sent mails, into which the provider puts copies by itself.
#[derive(Clone)]
pub struct SentFolder(PathBuf);

impl SentFolder {
    pub fn keep(&self, mail: &str) {
        for part in ["", "cur", "new", "tmp"] {
            let part = self.0.join(part);
            fs::create_dir_all(&part).unwrap();
            std::os::unix::fs::chown(&part, Some(OWNER), Some(OWNER)).unwrap();
        }
        put(&self.0.join("new"), mail);
    }
}

fn put(folder: &Path, mail: &str) {
    let (path, at) = (folder.join(fte::clock::new_v7().simple().to_string()), Some(OWNER));
    fs::write(&path, mail).unwrap();
    std::os::unix::fs::chown(&path, at, at).unwrap();
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.quit();
    }
}

fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

/// Reads an answer, of several lines where it has several.
fn expect(answers: &mut impl BufRead, code: &str) {
    loop {
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        assert!(line.starts_with(code), "LMTP answers {line}");
        if line.as_bytes().get(3) != Some(&b'-') {
            return;
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
