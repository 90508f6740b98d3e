//! Letters shown before anybody gets them: as text, as HTML, or as the bytes that go over the wire.

use serde::Serialize;

use super::args::LetterPart;
use super::exit::CliError;
use super::output::{self, Format};
use crate::app::{self, AppError};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::secret::Secret;
use crate::domain::{DeliveryKind, EmailAddress, Language, Message, Outcome, Signer};
use crate::mail::{Mailer, TransportKind};

/// Whom examples are written to.
const SOMEBODY: &str = "somebody@example.org";
/// The kind that goes to the operator, beside those of the outbox.
const REPORT: &str = "report";

/// A letter as JSON has it.
#[derive(Serialize)]
struct Shown<'a> {
    subject: &'a str,
    text: &'a str,
    html: &'a str,
}

/// Prints the example of a kind in a language.
pub async fn example(kind: &str, language: Language, part: LetterPart, config: &Config, format: Format) -> Result<(), CliError> {
    let config = &signed_by_nobody(config);
    let composer = app::composer(config)?.speaking(language);
    let now = Clock::System.now();
    let to =
        config.operator()?.map_or_else(|| EmailAddress::parse(SOMEBODY), Ok).map_err(|fault| CliError::internal(&fault.to_string()))?;
    let message = match kind.parse::<DeliveryKind>() {
        Ok(kind) => composer.example(kind, &to, now),
        Err(_) if kind == REPORT => composer.example_report(&to, now),
        Err(fault) => return Err(CliError::data(format!("{fault}, or {REPORT}"))),
    };
    show(&message, part, config, format).await
}

/// The links of an example lead nowhere, whoever signed them: it needs no secret, and makes none.
fn signed_by_nobody(config: &Config) -> Config {
    let mut config = config.clone();
    config.service.secret = Some(Secret::Plain("the links of an example lead nowhere".to_owned()));
    config
}

/// Prints one part of a letter.
pub async fn show(message: &Message, part: LetterPart, config: &Config, format: Format) -> Result<(), CliError> {
    match (part, format) {
        (LetterPart { raw: true, .. }, _) => output::write(&raw(message, config).await?),
        (_, Format::Json) => output::json(&Shown { subject: &message.subject, text: &message.text, html: &message.html }),
        (LetterPart { html: true, .. }, _) => output::line(&message.html),
        _ => output::line(&format!("Subject: {}\n\n{}", message.subject, message.text)),
    }
}

/// The bytes a mail server would get, made by a mailer like the configured one that hands over to a folder.
async fn raw(message: &Message, config: &Config) -> Result<Vec<u8>, CliError> {
    let fault = |fault: std::io::Error| CliError::unavailable(format!("the folder for temporary files: {fault}"));
    let folder = tempfile::tempdir().map_err(fault)?;
    let mut settings = config.mail.clone();
    settings.transport = TransportKind::File;
    let signer = Signer::new(config.signing_secret()?.as_bytes());
    let paths = settings.return_paths(&signer).map_err(AppError::Mail)?;
    let mut mailer = Mailer::new(&settings, folder.path()).map_err(AppError::Mail)?;
    if let Some(paths) = paths {
        mailer = mailer.returning_to(paths);
    }
    match mailer.lane().send(message).await {
        Outcome::Accepted(_) => {}
        other => return Err(CliError::internal(&format!("the letter cannot be written: {other:?}"))),
    }
    let mut files = std::fs::read_dir(folder.path().join("mail")).map_err(fault)?;
    let file = files.next().transpose().map_err(fault)?.ok_or_else(|| CliError::internal("the letter was not written"))?;
    std::fs::read(file.path()).map_err(fault)
}
