//! What can be typed.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};

use super::delivery::DeliveryCommand;
use super::exit::CliError;
use super::matching::MatchArgs;
use super::output::Format;
use super::talk::talk;
use super::token::TokenCommand;
use crate::config::Config;
use crate::domain::Language;
use crate::telemetry::{Colour, LogFormat};

/// Job alerts by mail for backend developers: reads boards, understands listings, mails what fits.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// The configuration file; else `$ROLECALL_CONFIG`, `$CONFIGURATION_DIRECTORY/rolecall.toml`, `./rolecall.toml`, `/etc/rolecall/rolecall.toml`
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How log lines look: text or json
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
    /// Say more; twice, say everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Say only warnings and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Colours on the terminal: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,
    /// Print data as JSON
    #[arg(long, global = true)]
    pub json: bool,
}

impl Global {
    /// The level of log lines.
    pub const fn level(&self) -> &'static str {
        match (self.quiet, self.verbose) {
            (true, _) => "warn",
            (false, 0) => "info",
            (false, 1) => "debug",
            (false, _) => "trace",
        }
    }

    /// How data is printed.
    pub const fn format(&self) -> Format {
        if self.json { Format::Json } else { Format::Text }
    }

    /// The configuration.
    pub fn load(&self) -> Result<Config, CliError> {
        let environment: Vec<_> = std::env::vars_os().collect();
        Ok(Config::load(self.config.as_deref(), &environment)?)
    }

    /// The data folder, for a tool that needs nothing else of the configuration. A file that was named must be right; one that was
    /// only found is told and passed over.
    pub fn data_dir(&self) -> Result<Option<PathBuf>, CliError> {
        match self.load() {
            Ok(config) => Ok(Some(config.service.data_dir)),
            Err(fault) if self.config.is_some() || std::env::var_os("ROLECALL_CONFIG").is_some() => Err(fault),
            Err(fault) => {
                fault.tell();
                talk("rolecall: going on without the places that were added to the data folder");
                Ok(None)
            }
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the service: page, schedule, delivery
    Serve,
    /// One bounded pass: fetch due sources, queue due alerts, deliver, exit
    Run {
        /// The moment this pass takes for now (RFC 3339)
        #[arg(long, value_name = "RFC3339")]
        now: Option<DateTime<Utc>>,
        /// Say what would be sent and write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// The whole service with made-up boards on this machine: no configuration, no network
    Demo(DemoArgs),
    /// Sources: look at them, add, try, pause and resume them
    #[command(subcommand)]
    Source(SourceCommand),
    /// Postings (NDJSON) to facts, one line each
    Facts {
        /// The file; standard input where none is given
        file: Option<PathBuf>,
        /// For people: each fact with how sure it is and the words it rests on
        #[arg(long)]
        explain: bool,
    },
    /// Hold alerts against postings: one line a match
    Match(MatchArgs),
    /// Why a listing reaches, or does not reach, an alert
    Explain {
        /// The alert's number
        #[arg(long, value_name = "ID")]
        alert: i64,
        /// The listing's number
        #[arg(long, value_name = "ID")]
        listing: i64,
    },
    /// Subscribers, as the page has them
    #[command(subcommand)]
    Subscriber(SubscriberCommand),
    /// Alerts
    #[command(subcommand)]
    Alert(AlertCommand),
    /// How many listings a week these preferences would have brought over the last 30 days
    Forecast {
        /// Preferences, or an alert, as JSON
        file: PathBuf,
    },
    /// What every alert would have sent at a moment; writes nothing
    Replay {
        /// The moment (RFC 3339)
        #[arg(long, value_name = "RFC3339")]
        at: DateTime<Utc>,
    },
    /// Read one raw mail that came back (delivery report, complaint, auto-reply) and record it; fit for a mail server's pipe
    Bounce {
        /// The mail; standard input where none is given
        file: Option<PathBuf>,
        /// Say what it is and record nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// The rights of programs that use the API
    #[command(subcommand)]
    Token(TokenCommand),
    /// Single letters: those that wait for you, and what becomes of them
    #[command(subcommand)]
    Delivery(DeliveryCommand),
    /// Mail
    #[command(subcommand)]
    Mail(MailCommand),
    /// Templates of letters
    #[command(subcommand)]
    Template(TemplateCommand),
    /// Places added to the vocabulary
    #[command(subcommand)]
    Places(PlacesCommand),
    /// Check configuration, database, disk, mail server and the DNS; one line each, with the mend
    Check {
        /// Only whether the configuration can be used: no database is opened, no server asked, no systemd credential read
        #[arg(long)]
        configuration: bool,
        /// Ask neither the DNS nor the page that readers reach
        #[arg(long)]
        offline: bool,
    },
    /// Pending, delivered, failed, and the last success of each source
    Status,
    /// A consistent copy of the database while the service runs
    Backup {
        /// Where the copy goes; must not exist
        file: PathBuf,
    },
    /// Read a whole database file and say whether it is well
    Verify {
        /// The file of a database or backup; the configured database where none is given
        file: Option<PathBuf>,
    },
    /// Put a backup in the place of the database; refused while the service runs, and what stood there is kept aside
    Restore {
        /// The file of the backup
        file: PathBuf,
    },
    /// Completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The man page
    Man,
}

/// `rolecall demo`
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Replay recorded answers of real boards from this folder instead of the made-up ones
    #[arg(long, value_name = "DIR")]
    pub payloads: Option<PathBuf>,
    /// Keep the state here; otherwise in a temporary folder that is removed at the end
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Where the page listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: std::net::SocketAddr,
}

/// `rolecall source ...`
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// The configured sources with their health
    List,
    /// The kinds of source with terms, pace and attribution
    Kinds,
    /// Find the board behind a careers page or board address, check it, and add it to the configuration file
    Add(AddArgs),
    /// The boards that come with Rolecall, off until `[catalogue]` names them
    Catalogue(CatalogueArgs),
    /// Let a source rest: it is not asked until it is resumed
    Pause {
        /// Its name
        name: String,
    },
    /// End the rest of a source, or its wait after a failure
    Resume {
        /// Its name
        name: String,
    },
    /// Fetch one source now without storing anything
    Check {
        /// Its name
        name: String,
    },
    /// Read one payload with a kind's adapter and print its postings as NDJSON
    Read {
        /// The kind
        kind: String,
        /// A file or a URL
        payload: String,
    },
}

/// `rolecall source add`
#[derive(Debug, Args)]
pub struct AddArgs {
    /// A careers page, a board, one of its jobs, or a feed
    pub url: String,
    /// Its name; made of the board's where none is given
    #[arg(long)]
    pub name: Option<String>,
    /// Print what would be added and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Ask nobody: only an address that names its board by itself can be added
    #[arg(long)]
    pub offline: bool,
    /// Add it even if it cannot be read now
    #[arg(long)]
    pub force: bool,
}

/// `rolecall source catalogue`
#[derive(Debug, Args)]
pub struct CatalogueArgs {
    /// Only of this country (ISO 3166)
    #[arg(long)]
    pub country: Option<String>,
    /// Only with this tag
    #[arg(long)]
    pub tag: Option<String>,
    /// Only with this text in company, board or address
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
}

/// `rolecall places ...`
#[derive(Debug, Subcommand)]
pub enum PlacesCommand {
    /// Add the places of a GeoNames extract (cities15000.txt, IN.txt); they join the vocabulary at the next start
    Import {
        /// The unpacked file: 19 columns parted by tabs
        file: PathBuf,
        /// Only places with at least so many people
        #[arg(long, value_name = "PEOPLE", default_value_t = 5_000)]
        population: u64,
    },
    /// How many were added, and whose data they are
    Show,
}

/// `rolecall subscriber ...`
#[derive(Debug, Subcommand)]
pub enum SubscriberCommand {
    /// Add an alert for an address; a confirmation mail goes out
    Add {
        /// The address
        email: String,
        /// An alert or bare preferences as JSON; without it every backend job, daily
        #[arg(long, value_name = "FILE")]
        preferences: Option<PathBuf>,
        /// You vouch for the consent: active at once, no confirmation mail
        #[arg(long)]
        confirmed: bool,
    },
    /// All subscribers
    List,
    /// One subscriber with its alerts
    Show {
        /// The address
        email: String,
    },
    /// Pause all alerts of an address
    Pause {
        /// The address
        email: String,
        /// When they resume by themselves (RFC 3339)
        #[arg(long, value_name = "RFC3339")]
        until: Option<DateTime<Utc>>,
    },
    /// Resume all alerts of an address
    Resume {
        /// The address
        email: String,
    },
    /// Never mail an address again, whoever signs it up; its alerts end
    Suppress {
        /// The address
        email: String,
    },
    /// Let an address be mailed again once it signs up
    Unsuppress {
        /// The address
        email: String,
    },
    /// Everything kept of an address, as JSON
    Export {
        /// The address
        email: String,
    },
    /// Erase everything kept of an address
    Erase {
        /// The address
        email: String,
    },
    /// Add confirmed subscribers from NDJSON lines: an alert with an "email". It may be run again: an alert that its person has, or has
    /// ended, is left alone
    Import {
        /// The file
        file: PathBuf,
    },
}

/// `rolecall alert ...`
#[derive(Debug, Subcommand)]
pub enum AlertCommand {
    /// The letter that would be sent now; nothing is sent
    Preview {
        /// The alert's number
        id: i64,
        #[command(flatten)]
        part: LetterPart,
    },
}

/// Which part of a letter is printed; the text where none is named.
#[derive(Debug, Clone, Copy, Args)]
pub struct LetterPart {
    /// Print the HTML part
    #[arg(long, conflicts_with = "raw")]
    pub html: bool,
    /// Print the letter as it goes over the wire, signed where a key is set
    #[arg(long)]
    pub raw: bool,
}

/// `rolecall template ...`
#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// Write the built-in templates of letters into a folder, to start one's own from; what is there already is left as it is
    Export {
        /// The folder; made where it is missing
        folder: PathBuf,
    },
}

/// `rolecall mail ...`
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// One test mail through the configured transport; says what the server answered
    Test {
        /// To whom
        address: String,
    },
    /// A letter of a kind as an example, with your templates; nothing is sent
    Preview {
        /// confirmation, link, welcome, instant, digest, renewal, silence, webhook, goodbye, or report
        kind: String,
        /// The language of its reader: en, hi or de
        #[arg(long, value_name = "LANGUAGE", default_value = "en", hide_default_value = true)]
        language: Language,
        #[command(flatten)]
        part: LetterPart,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_hold_together() {
        Cli::command().debug_assert();
    }
}
