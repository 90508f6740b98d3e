//! `rolecall bounce`: what came back, from a mail server's pipe or a file.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::Serialize;

use super::exit::CliError;
use super::output;
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::{EmailAddress, Report};
use crate::mail::report::read;
use crate::pipeline::ReturnError;

/// Longest mail read, in bytes; what a report says stands far before it.
const MAX_MAIL: u64 = 8 * 1024 * 1024;

/// One recipient of a mail that came back.
#[derive(Serialize)]
struct Line<'a> {
    kind: &'a str,
    recipient: Option<&'a str>,
    status: Option<String>,
    diagnostic: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn of(report: &'a Report, recipient: Option<&'a EmailAddress>) -> Self {
        Self {
            kind: report.kind.as_str(),
            recipient: recipient.map(EmailAddress::as_str),
            status: report.status.map(|status| status.to_string()),
            diagnostic: Some(report.diagnostic.as_str()).filter(|words| !words.is_empty()),
        }
    }
}

/// Says what a mail is, a line a recipient, and records nothing.
pub fn tell(file: Option<&Path>) -> Result<(), CliError> {
    let reports = read(&mail(file)?).map_err(|fault| CliError::data(fault.to_string()))?;
    reports.iter().try_for_each(|report| output::json(&Line::of(report, report.recipient.as_ref())))
}

/// Says what a mail is and does what follows from it. A store that does not answer asks the mail server to try again.
pub async fn take(file: Option<&Path>, config: Config) -> Result<(), CliError> {
    let mail = mail(file)?;
    read(&mail).map_err(|fault| CliError::data(fault.to_string()))?;
    let app = App::build(config, Clock::System).await?;
    let taken = app.returned.take(&mail).await.map_err(|fault| match fault {
        ReturnError::NoMail(fault) => CliError::data(fault.to_string()),
        ReturnError::Store(fault) => CliError::try_again(fault.to_string()),
    })?;
    taken.iter().try_for_each(|taken| output::json(&Line::of(&taken.report, taken.recipient.as_ref())))
}

fn mail(file: Option<&Path>) -> Result<Vec<u8>, CliError> {
    let mut mail = Vec::new();
    match file {
        None => std::io::stdin()
            .take(MAX_MAIL)
            .read_to_end(&mut mail)
            .map_err(|fault| CliError::try_again(format!("standard input: {fault}")))?,
        Some(path) => {
            let unreadable = |fault| CliError::unreadable(path, &fault);
            File::open(path).map_err(unreadable)?.take(MAX_MAIL).read_to_end(&mut mail).map_err(unreadable)?
        }
    };
    Ok(mail)
}
