//! SMTP sink: accepts mails on a free port, keeps them in a ledger, and fails by script.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::dovecot::SentFolder;

/// A mail that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SunkMail {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
    /// The connection was encrypted.
    pub was_encrypted: bool,
}

impl SunkMail {
    /// The value of a field, unfolded.
    pub fn field(&self, name: &str) -> Option<String> {
        let head = self.text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
        let mut fields = head.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    }
}

/// What goes wrong with one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpFault {
    /// The mail is accepted, and the connection breaks before the answer.
    AnswerLost,
    /// The connection breaks when the content has come; the mail is gone.
    ContentLost,
    /// The answer to MAIL, to the first RCPT, to every further one, or to the content.
    OnMail(&'static str),
    OnRecipient(&'static str),
    OnCopy(&'static str),
    OnContent(&'static str),
}

/// How the sink is reached.
#[derive(Clone, Default)]
pub struct SinkAccess {
    /// Its certificate, for STARTTLS, or for TLS from the first byte.
    pub tls: Option<Arc<ServerConfig>>,
    pub is_implicit: bool,
    /// Only with this access token (XOAUTH2) are mails taken.
    pub token: Arc<Mutex<Option<String>>>,
    /// Where the provider itself keeps a copy of what it accepts.
    pub sent_folder: Option<SentFolder>,
}

#[derive(Default)]
struct SinkState {
    mails: Mutex<Vec<SunkMail>>,
    faults: Mutex<VecDeque<SmtpFault>>,
    access: SinkAccess,
}

/// A running sink; it accepts until the tests end.
#[derive(Clone)]
pub struct SmtpSink {
    port: u16,
    state: Arc<SinkState>,
}

impl SmtpSink {
    /// Faults of the first connections, one each.
    pub fn start(faults: &[SmtpFault]) -> Self {
        Self::start_with(faults, SinkAccess::default())
    }

    pub fn start_with(faults: &[SmtpFault], access: SinkAccess) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let faults = Mutex::new(faults.iter().copied().collect());
        let state = Arc::new(SinkState { faults, access, ..SinkState::default() });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, state) = (stream.unwrap(), Arc::clone(&shared));
                std::thread::spawn(move || {
                    // A client that dies in the middle is part of the tests.
                    let _gone = accept(stream, &state);
                });
            }
        });
        Self { port, state }
    }

    /// As `SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The same for a client that checks the certificate.
    pub fn encrypted_url(&self) -> String {
        let scheme = if self.state.access.is_implicit { "smtps" } else { "smtp" };
        format!("{scheme}://localhost:{}", self.port)
    }

    pub fn mails(&self) -> MutexGuard<'_, Vec<SunkMail>> {
        self.state.mails.lock().unwrap()
    }

    /// How many mails went to each of these addresses, in their order.
    pub fn counts(&self, addresses: &[String]) -> Vec<usize> {
        let mails = self.mails();
        addresses.iter().map(|to| mails.iter().filter(|mail| mail.to.contains(to)).count()).collect()
    }
}

fn accept(mut stream: TcpStream, state: &SinkState) -> std::io::Result<()> {
    let fault = state.faults.lock().unwrap().pop_front();
    let Some(tls) = state.access.tls.clone() else {
        stream.write_all(b"220 sink\r\n")?;
        return talk(stream, state, fault, false).map(|_| ());
    };
    let encrypted = |stream| StreamOwned::new(ServerConnection::new(tls).unwrap(), stream);
    if state.access.is_implicit {
        let mut stream = encrypted(stream);
        stream.write_all(b"220 sink\r\n")?;
        return talk(stream, state, fault, true).map(|_| ());
    }
    stream.write_all(b"220 sink\r\n")?;
    match talk(stream, state, fault, false)? {
        Some(stream) => talk(encrypted(stream), state, fault, true).map(|_| ()),
        None => Ok(()),
    }
}

/// A conversation; returns the stream where the client wants it encrypted.
fn talk<S: Read + Write>(
    stream: S,
    state: &SinkState,
    fault: Option<SmtpFault>,
    was_encrypted: bool,
) -> std::io::Result<Option<S>> {
    let mut input = BufReader::new(stream);
    let mut mail = SunkMail { from: String::new(), to: Vec::new(), text: String::new(), was_encrypted };
    let (mut line, mut is_known) = (String::new(), state.access.token.lock().unwrap().is_none());
    loop {
        line.clear();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => capabilities(state, was_encrypted),
            "STAR" => {
                input.get_mut().write_all(b"220 go on\r\n")?;
                return Ok(Some(input.into_inner()));
            }
            "AUTH" => {
                is_known = knows_token(state, &line);
                if is_known { "235 welcome" } else { "535 5.7.8 the token has expired" }.to_owned()
            }
            "MAIL" if !is_known => "530 5.7.0 log in first".to_owned(),
            "MAIL" | "RCPT" => envelope(&line, &mut mail, fault),
            "DATA" => {
                input.get_mut().write_all(b"354 go on\r\n")?;
                mail.text = content(&mut input)?;
                match received(state, mail.clone(), fault) {
                    Some(answer) => answer,
                    None => return Ok(None),
                }
            }
            _ => "250 ok".to_owned(),
        };
        input.get_mut().write_all(format!("{answer}\r\n").as_bytes())?;
    }
}

/// The answer to MAIL or RCPT.
fn envelope(line: &str, mail: &mut SunkMail, fault: Option<SmtpFault>) -> String {
    let address = line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address);
    if line.to_ascii_uppercase().starts_with("MAIL") {
        mail.from = address.unwrap_or_default().to_owned();
        return scripted(
            fault,
            |fault| if let SmtpFault::OnMail(answer) = fault { Some(answer) } else { None },
        );
    }
    let is_first = mail.to.is_empty();
    let answer = scripted(fault, |fault| match (fault, is_first) {
        (SmtpFault::OnRecipient(answer), true) | (SmtpFault::OnCopy(answer), false) => Some(answer),
        _ => None,
    });
    mail.to.extend(address.filter(|_| answer.starts_with('2')).map(str::to_owned));
    answer
}

fn capabilities(state: &SinkState, was_encrypted: bool) -> String {
    let mut lines = vec!["sink"];
    if state.access.tls.is_some() && !was_encrypted {
        lines.push("STARTTLS");
    }
    if state.access.token.lock().unwrap().is_some() {
        lines.push("AUTH XOAUTH2");
    }
    let listed: String = lines.iter().map(|line| format!("250-{line}\r\n")).collect();
    format!("{listed}250 8BITMIME")
}

fn knows_token(state: &SinkState, line: &str) -> bool {
    let sent = line.split_whitespace().nth(2).and_then(|sent| STANDARD.decode(sent).ok()).unwrap_or_default();
    let token = state.access.token.lock().unwrap().clone().unwrap_or_default();
    String::from_utf8_lossy(&sent).contains(&format!("auth=Bearer {token}\x01"))
}

/// The answer to a mail's content; `None` where the connection breaks instead.
fn received(state: &SinkState, mail: SunkMail, fault: Option<SmtpFault>) -> Option<String> {
    match fault {
        Some(SmtpFault::ContentLost) => None,
        Some(SmtpFault::OnContent(answer)) => Some(answer.to_owned()),
        Some(SmtpFault::AnswerLost) => {
            accepted(state, mail);
            None
        }
        Some(SmtpFault::OnMail(_) | SmtpFault::OnRecipient(_) | SmtpFault::OnCopy(_)) | None => {
            accepted(state, mail);
            Some("250 accepted".to_owned())
        }
    }
}

fn accepted(state: &SinkState, mail: SunkMail) {
    if let Some(folder) = &state.access.sent_folder {
        folder.keep(&mail.text);
    }
    state.mails.lock().unwrap().push(mail);
}

fn scripted(fault: Option<SmtpFault>, of: impl Fn(SmtpFault) -> Option<&'static str>) -> String {
    fault.and_then(of).unwrap_or("250 ok").to_owned()
}

fn content(input: &mut impl BufRead) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
