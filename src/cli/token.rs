//! `rolecall token ...`: the rights of programs that use the API.

use chrono::{DateTime, Duration, Utc};
use clap::Subcommand;

use super::exit::CliError;
use super::output::{self, Format};
use super::talk::talk;
use crate::app::App;
use crate::domain::DurationText;
use crate::domain::api_token::{ApiToken, NewApiToken, Scope, ShownToken};
use crate::domain::line::one_line;
use crate::domain::token::token_digest;

/// `rolecall token ...`
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it, once
    Add {
        /// What you call it
        name: String,
        /// What it may be used for: listings:read, subscribers:read, subscribers:write, sources:read, status:read, admin
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<Scope>,
        /// When it ends: after a time (90d) or at a moment (RFC 3339); without it, when it is taken back
        #[arg(long, value_name = "WHEN")]
        expires: Option<End>,
    },
    /// All tokens, without what only their holders know
    List,
    /// Take a token back; it is refused from then on
    Revoke {
        /// Its name
        name: String,
    },
}

/// An end, as it is typed.
#[derive(Debug, Clone, Copy)]
pub enum End {
    /// After a time.
    In(DurationText),
    /// At a moment.
    At(DateTime<Utc>),
}

impl std::str::FromStr for End {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let moment = || DateTime::parse_from_rfc3339(text).map(|at| Self::At(at.to_utc()));
        let refuse = |_| format!("{text:?} is no end: give a time such as 90d, or a moment such as 2027-01-31T00:00:00Z");
        text.parse().map(Self::In).or_else(|_| moment()).map_err(refuse)
    }
}

/// Runs one of them.
pub async fn token(command: TokenCommand, app: &App, format: Format) -> Result<(), CliError> {
    match command {
        TokenCommand::Add { name, scopes, expires } => add(app, &name, scopes, expires, format).await,
        TokenCommand::List => list(app, format).await,
        TokenCommand::Revoke { name } => revoke(app, &name).await,
    }
}

async fn add(app: &App, name: &str, mut scopes: Vec<Scope>, expires: Option<End>, format: Format) -> Result<(), CliError> {
    let shown_name = one_line(name, ApiToken::MAX_NAME_CHARS + 1);
    if shown_name.is_empty() || shown_name != name || name.chars().count() > ApiToken::MAX_NAME_CHARS {
        let most = ApiToken::MAX_NAME_CHARS;
        return Err(CliError::data(format!("{name:?} is no name of a token: give 1 to {most} characters on one line")));
    }
    scopes.sort_unstable();
    scopes.dedup();
    let now = app.clock.now();
    let mut chance = [0_u8; 16];
    getrandom::fill(&mut chance).map_err(|fault| CliError::internal(&fault.to_string()))?;
    let secret = ShownToken::secret(chance);
    let expires_at = expires.map(|end| moment(end, now)).transpose()?;
    let new = NewApiToken { name: name.to_owned(), scopes, expires_at, digest: token_digest(&secret) };
    let Some(id) = app.store.add_api_token(&new, now).await? else {
        return Err(CliError::data(format!("there is a token {name:?}: take it back with `rolecall token revoke`, or give another name")));
    };
    let text = ShownToken::new(id, secret).text();
    if format == Format::Json {
        return output::json(&serde_json::json!({ "name": new.name, "token": text, "scopes": new.scopes, "expires_at": new.expires_at }));
    }
    talk("rolecall: this is shown once; only a digest of it is kept");
    output::line(&text)
}

/// The end of a token, which must lie ahead.
fn moment(end: End, now: DateTime<Utc>) -> Result<DateTime<Utc>, CliError> {
    let at = match end {
        End::At(at) => Some(at),
        End::In(length) => Duration::from_std(length.get()).ok().and_then(|length| now.checked_add_signed(length)),
    };
    at.filter(|at| *at > now)
        .ok_or_else(|| CliError::data("--expires: it must lie ahead: give 90d, or a moment such as 2027-01-31T00:00:00Z"))
}

async fn list(app: &App, format: Format) -> Result<(), CliError> {
    let tokens = app.store.api_tokens().await?;
    if format == Format::Json {
        return tokens.iter().try_for_each(output::json);
    }
    let now = app.clock.now();
    let row = |token: &ApiToken| {
        let scopes = token.scopes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        vec![token.id.0.to_string(), token.name.clone(), scopes, token.created_at.to_rfc3339(), standing(token, now)]
    };
    output::table(&["ID", "NAME", "SCOPES", "MADE", "GOOD"], &tokens.iter().map(row).collect::<Vec<_>>())
}

fn standing(token: &ApiToken, now: DateTime<Utc>) -> String {
    match (token.revoked_at, token.expires_at) {
        (Some(at), _) => format!("taken back {}", at.to_rfc3339()),
        (None, Some(end)) if end <= now => format!("ended {}", end.to_rfc3339()),
        (None, Some(end)) => format!("until {}", end.to_rfc3339()),
        (None, None) => "until it is taken back".to_owned(),
    }
}

async fn revoke(app: &App, name: &str) -> Result<(), CliError> {
    if app.store.revoke_api_token(name, app.clock.now()).await? {
        talk("rolecall: taken back; it is refused from now on");
        return Ok(());
    }
    Err(CliError::data(format!("there is no token {name:?} to take back: `rolecall token list` shows them")))
}
