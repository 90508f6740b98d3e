//! Boards that stand on a name of the platform, `acme.platform.com`, or on a host of the employer's own.

use url::Url;

use crate::sources::options::{Key, Need, Options, SourceSettingsError};

/// The key for a career site on the employer's own host.
pub const URL: Key = Key {
    name: "url",
    description: "the career site's address, where it stands on a host of the employer's own; then \"board\" is not needed",
    example: "https://jobs.example.org",
    need: Need::Optional,
};

/// The key for the board's name, where [`URL`] can stand in for it.
pub const fn name(description: &'static str) -> Key {
    Key { name: "board", description, example: "acme", need: Need::Optional }
}

/// The root of a board: `base_url`, the host of `url`, or the name of `board` before `domain`.
///
/// # Errors
/// Neither key is there, or it cannot be a host.
pub fn own(options: &Options<'_>, domain: &str) -> Result<Url, SourceSettingsError> {
    match (options.text("url")?, options.text("board")?) {
        (None, None) => return Err(options.bad("board", &format!("the NAME in NAME.{domain}, where no \"url\" is given"))),
        (None, Some(_)) => return on_platform(options, domain),
        (Some(_), _) => {}
    }
    let mut url = options.url("url")?;
    url.set_path("");
    url.set_query(None);
    url.set_fragment(None);
    options.base(url.as_str())
}

/// The root of a board that stands on the platform always: `base_url`, or the name of `board` before `domain`.
///
/// # Errors
/// The key is not there, or it cannot be part of a host.
pub fn on_platform(options: &Options<'_>, domain: &str) -> Result<Url, SourceSettingsError> {
    let board = options.required("board")?;
    let fits = board.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if !fits || board.starts_with('.') {
        return Err(options.bad("board", &format!("the NAME in NAME.{domain}")));
    }
    options.base(&format!("https://{board}.{domain}"))
}
