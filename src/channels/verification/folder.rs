//! Folder adapter for verification mails, for development without e-mail: it writes each mail to a readable file and
//! sends nothing. The file names sort by time.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;

use super::{MailError, SendVerificationCode, VerificationMail};
use crate::channels::port::ChannelFuture;
use crate::clock;

#[derive(Clone, Debug)]
pub struct MailFolder {
    root: PathBuf,
}

impl MailFolder {
    /// The folder is created when the first mail is written.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }
}

impl SendVerificationCode for MailFolder {
    fn mail(&self, mail: VerificationMail) -> ChannelFuture<Result<(), MailError>> {
        let root = self.root.clone();
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || write(&root, &mail)).await;
            match written {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(MailError::Unavailable(error.to_string())),
                Err(error) => Err(MailError::Unavailable(error.to_string())),
            }
        })
    }
}

/// RFC 5322 with the headers in UTF-8 (RFC 6532); an atomic write.
fn write(root: &Path, mail: &VerificationMail) -> std::io::Result<()> {
    std::fs::create_dir_all(root)?;
    let name = clock::new_v7().simple().to_string();
    let (unfinished, path) = (root.join(format!(".{name}")), root.join(format!("{name}.eml")));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    let text = format!(
        "To: {to}\nSubject: {subject}\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\n\n{body}",
        to = mail.to,
        subject = mail.subject,
        body = mail.body.expose_secret(),
    );
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&unfinished, &path)?;
    tracing::info!(path = %path.display(), "e-mail is not configured: wrote the verification mail to a file");
    Ok(())
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::domain::customers::contact::Email;

    #[tokio::test]
    async fn letters_are_files_in_their_order_that_nobody_else_may_read() {
        let dir = tempfile::tempdir().unwrap();
        let folder = MailFolder::new(dir.path().join("mail"));
        for code in ["111111", "222222"] {
            let mail = VerificationMail {
                to: Email::parse("ann@example.com").unwrap(),
                subject: "Your code".to_owned(),
                body: SecretString::from(code),
            };
            folder.mail(mail).await.unwrap();
        }
        let mut files: Vec<_> =
            std::fs::read_dir(dir.path().join("mail")).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        assert_eq!(texts.len(), 2);
        assert!(texts[0].starts_with("To: ann@example.com\n") && texts[0].contains("111111"));
        assert!(texts[1].contains("222222"));
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&files[0]).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_folder_that_can_t_be_made_is_said_to_be_away() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("mail"), "a file").unwrap();
        let mail = VerificationMail {
            to: Email::parse("ann@example.com").unwrap(),
            subject: "Your code".to_owned(),
            body: SecretString::from("111111"),
        };
        let mailed = MailFolder::new(dir.path().join("mail")).mail(mail).await;
        assert!(matches!(mailed, Err(MailError::Unavailable(_))), "{mailed:?}");
    }
}
