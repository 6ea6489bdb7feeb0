//! SMTP sink: accepts mails on a free port, keeps them in a ledger, and fails by script.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

/// A mail that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SunkMail {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
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
    /// The answer to MAIL, to the first RCPT, or to the content.
    OnMail(&'static str),
    OnRecipient(&'static str),
    OnContent(&'static str),
}

#[derive(Default)]
struct SinkState {
    mails: Mutex<Vec<SunkMail>>,
    faults: Mutex<VecDeque<SmtpFault>>,
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
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(SinkState {
            faults: Mutex::new(faults.iter().copied().collect()),
            ..SinkState::default()
        });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, state) = (stream.unwrap(), Arc::clone(&shared));
                std::thread::spawn(move || {
                    // A client that dies in the middle is part of the tests.
                    let _gone = talk(stream, &state);
                });
            }
        });
        Self { port, state }
    }

    /// As `SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
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

fn talk(mut stream: TcpStream, state: &SinkState) -> std::io::Result<()> {
    let mut input = BufReader::new(stream.try_clone()?);
    stream.write_all(b"220 sink\r\n")?;
    let fault = state.faults.lock().unwrap().pop_front();
    let mut mail = SunkMail { from: String::new(), to: Vec::new(), text: String::new() };
    let mut line = String::new();
    loop {
        line.clear();
        if input.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let address =
            line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address);
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => "250-sink\r\n250 8BITMIME".to_owned(),
            "MAIL" => {
                mail.from = address.unwrap_or_default().to_owned();
                scripted(
                    fault,
                    |fault| if let SmtpFault::OnMail(answer) = fault { Some(answer) } else { None },
                )
            }
            "RCPT" => {
                let first = fault.filter(|_| mail.to.is_empty());
                let of = |fault| if let SmtpFault::OnRecipient(answer) = fault { Some(answer) } else { None };
                let answer = scripted(first, of);
                mail.to.extend(address.filter(|_| answer.starts_with('2')).map(str::to_owned));
                answer
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                mail.text = content(&mut input)?;
                match received(state, mail.clone(), fault) {
                    Some(answer) => answer,
                    None => return Ok(()),
                }
            }
            _ => "250 ok".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes())?;
    }
}

/// The answer to a mail's content; `None` where the connection breaks instead.
fn received(state: &SinkState, mail: SunkMail, fault: Option<SmtpFault>) -> Option<String> {
    match fault {
        Some(SmtpFault::ContentLost) => None,
        Some(SmtpFault::OnContent(answer)) => Some(answer.to_owned()),
        Some(SmtpFault::AnswerLost) => {
            state.mails.lock().unwrap().push(mail);
            None
        }
        Some(SmtpFault::OnMail(_) | SmtpFault::OnRecipient(_)) | None => {
            state.mails.lock().unwrap().push(mail);
            Some("250 accepted".to_owned())
        }
    }
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
