//! `rolecall source add`: from a careers page to a source that is known to work.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Serialize;
use url::Url;

use super::args::{AddArgs, Global};
use super::config_file::ConfigFile;
use super::exit::CliError;
use super::output::{self, Format};
use super::talk::talk;
use crate::clock::Clock;
use crate::config::{Config, find};
use crate::domain::SourceState;
use crate::sources::{
    Brought, FetchResult, FetchSettings, Fetcher, Found, KnownRows, Leave, Seen, Source, SourceSettings, by_address, seek,
};

/// Pages of single postings that a check reads: whether they can be read shows at the first.
const DETAILS_OF_A_CHECK: usize = 3;

/// The most boards of one page that are listed.
const MOST_LISTED: usize = 20;

/// What a new source brought when it was asked once.
#[derive(Serialize)]
struct Checked {
    postings: usize,
    bad: usize,
    complete: bool,
}

/// Recognises the board, checks it, and writes its block.
pub async fn add(args: &AddArgs, global: &Global) -> Result<(), CliError> {
    let environment: Vec<_> = std::env::vars_os().collect();
    let config = Config::load(global.config.as_deref(), &environment)?;
    let path = find(global.config.as_deref(), &environment).unwrap_or_else(|| PathBuf::from("./rolecall.toml"));
    let found = recognise(args, &config).await?;
    if let Some(source) = config.source.iter().find(|source| found.is_read_by(source)) {
        return Err(CliError::data(format!("this board is there already: the source {:?} reads it", source.name)));
    }
    let settings = found.settings(&name(args, &config, &found)?);
    let source = Source::build(&settings).map_err(|fault| {
        let mend = format!("add it to {} by hand: `rolecall source kinds` lists what its kind needs", path.display());
        CliError::data(format!("{fault}\n{mend}"))
    })?;
    let checked = match check(args, &config, &source).await {
        Err(fault) if args.force => {
            fault.said();
            None
        }
        other => other?,
    };
    let block = block(&found, &settings)?;
    let file = ConfigFile::read(&path)?;
    let text = file.with(&block)?;
    still_a_configuration(&text, &settings, &block)?;
    if !args.dry_run {
        file.replace(&text)?;
    }
    let place = path.display().to_string();
    tell(args, global.format(), &found, &Added { name: &settings.name, kind: &settings.kind, file: &place, block: &block, checked })
}

/// The one board that the address leads to.
async fn recognise(args: &AddArgs, config: &Config) -> Result<Found, CliError> {
    let url = address(&args.url)?;
    if let Some(found) = by_address(&url) {
        return Ok(found);
    }
    if args.offline {
        let mend = "without --offline its page would be looked through";
        return Err(CliError::data(format!("{url}: not the address of a board that is known; {mend}")));
    }
    let fetcher = fetcher(&config.fetch)?;
    let seen = seek(&url, &fetcher, Clock::System.now()).await;
    let mut seen = seen.map_err(|fault| CliError::unavailable(format!("{url}: {fault}")))?;
    match seen.found.len() {
        0 => Err(CliError::data(nothing_in(&url, &seen))),
        1 => Ok(seen.found.remove(0)),
        many => {
            let mut text = format!("{url} names {many} boards; add the one that is meant by its own address:");
            for found in seen.found.iter().take(MOST_LISTED) {
                let _ = write!(text, "\n  {:<15} {}", found.kind.name, found.address);
            }
            Err(CliError::data(text))
        }
    }
}

/// An address as people write it, its scheme said or not.
fn address(text: &str) -> Result<Url, CliError> {
    if !text.contains("://") && (text.starts_with(['/', '.']) || std::path::Path::new(text).exists()) {
        let mend = "add it by hand as a [[source]] with kind = \"file\" and path";
        return Err(CliError::data(format!("{text}: this is a file or folder, and no address: {mend} = {text:?}")));
    }
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&whole)
        .map_err(|fault| CliError::data(format!("{text}: {fault}: give an address such as https://acme.example/careers")))?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        Ok(url)
    } else {
        Err(CliError::data(format!("{text}: give an http or https address")))
    }
}

fn nothing_in(url: &Url, seen: &Seen) -> String {
    let mend = match seen.hints.as_slice() {
        [] => "open one of its jobs and give that address; `rolecall source kinds` lists the platforms that are known".to_owned(),
        platforms => format!("it uses {}: open one of its jobs there, or look for the board's name in the page", platforms.join(" and ")),
    };
    format!("{url}: no board that is known, no feed of jobs and no marked-up job stands in this page; {mend}")
}

/// The name that was asked for, or one made of the board's that is not taken.
fn name(args: &AddArgs, config: &Config, found: &Found) -> Result<String, CliError> {
    let taken: BTreeSet<&str> = config.source.iter().map(|source| source.name.as_str()).collect();
    if let Some(name) = &args.name {
        if taken.contains(name.as_str()) {
            return Err(CliError::data(format!("there is a source {name:?} already; give another --name")));
        }
        return Ok(name.clone());
    }
    let plain = plain(found.name());
    let stem = if plain.is_empty() { found.kind.name } else { &plain };
    let with_kind = format!("{stem}-{}", found.kind.name);
    let mut names = [stem.to_owned(), with_kind].into_iter().chain((2_u64..).map(|number| format!("{stem}-{number}")));
    names.find(|name| !taken.contains(name.as_str())).ok_or_else(|| CliError::internal("no name is free"))
}

/// Letters and digits in lower case, runs of anything else as one hyphen.
fn plain(name: &str) -> String {
    const LONGEST: usize = 60;
    let name = name.strip_prefix("www.").unwrap_or(name).to_lowercase();
    let words: Vec<&str> = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-").chars().take(LONGEST).collect()
}

/// Asks the new source once, where that is wanted and its terms leave it to us.
async fn check(args: &AddArgs, config: &Config, source: &Source) -> Result<Option<Checked>, CliError> {
    if args.offline || source.lacks_leave() {
        return Ok(None);
    }
    let few = FetchSettings { max_details: DETAILS_OF_A_CHECK, ..config.fetch.clone() };
    let fetched = source.fetch(&fetcher(&few)?, &SourceState::default(), &KnownRows::new(), Clock::System.now()).await;
    match fetched.result {
        FetchResult::Brought(Brought { postings, bad, waiting, complete, .. }) => {
            for one in &bad {
                talk(&format!("rolecall: posting {} left out: {}", one.index, one.reason));
            }
            Ok(Some(Checked { postings: postings.len() + waiting.len(), bad: bad.len(), complete }))
        }
        FetchResult::NotModified => Ok(None),
        FetchResult::Failed { fault, text } => {
            let mend = if args.force { "added all the same" } else { "nothing was written; --force adds it all the same" };
            Err(CliError::unavailable(format!("the board cannot be read: {}: {text}; {mend}", fault.label())))
        }
    }
}

fn fetcher(settings: &FetchSettings) -> Result<Fetcher, CliError> {
    Fetcher::new(settings).map_err(|fault| CliError::config(fault.to_string()))
}

/// The lines that are added.
fn block(found: &Found, settings: &SourceSettings) -> Result<String, CliError> {
    let text = |value: &str| toml::Value::from(value).to_string();
    let mut block = format!("[[source]]\nname = {}\nkind = {}\n", text(&settings.name), text(found.kind.name));
    for (key, value) in &found.keys {
        let _ = writeln!(block, "{key} = {}", text(value));
    }
    if found.kind.terms.leave == Leave::Needed {
        block.push_str("# leave = true    # its terms need a leave: off until you have it and write this line\n");
    }
    // Only text that is one line each may go into a file that is the operator's.
    let again: toml::Table = toml::from_str(&block).map_err(|fault| CliError::internal(&fault.to_string()))?;
    if again.len() == 1 { Ok(block) } else { Err(CliError::internal("a block that is more than a source")) }
}

/// The file with the block must be read as before, with one source more.
fn still_a_configuration(text: &str, settings: &SourceSettings, block: &str) -> Result<(), CliError> {
    #[derive(serde::Deserialize)]
    struct Sources {
        source: Vec<SourceSettings>,
    }
    let read = toml::from_str::<Sources>(text);
    if read.is_ok_and(|sources| sources.source.last() == Some(settings)) {
        return Ok(());
    }
    Err(CliError::config(format!("the file does not end where a [[source]] can follow; nothing was written, add this by hand:\n{block}")))
}

/// What was done, for programs.
#[derive(Serialize)]
struct Added<'a> {
    name: &'a str,
    kind: &'a str,
    file: &'a str,
    block: &'a str,
    checked: Option<Checked>,
}

fn tell(args: &AddArgs, format: Format, found: &Found, added: &Added<'_>) -> Result<(), CliError> {
    if found.kind.terms.leave == Leave::Needed {
        talk(&format!(
            "rolecall: the terms of {} need a leave: {}; the source is off until it says leave = true",
            added.kind, found.kind.terms.says
        ));
    }
    if format == Format::Json {
        let mut value = serde_json::to_value(added).map_err(|fault| CliError::internal(&fault.to_string()))?;
        value["written"] = (!args.dry_run).into();
        return output::json(&value);
    }
    let says = match &added.checked {
        None => "not asked yet".to_owned(),
        Some(Checked { postings: 0, .. }) => "no postings at this moment; see that this is the right board".to_owned(),
        Some(checked) => {
            let whole = if checked.complete { "" } else { ", a part of the board" };
            format!("{} postings, {} left out{whole}", checked.postings, checked.bad)
        }
    };
    if args.dry_run {
        talk(&format!("rolecall: {says}; this would be added to {}:", added.file));
        return output::write(added.block.as_bytes());
    }
    talk("rolecall: a service that runs reads it after a restart");
    output::line(&format!("{} ({}) added to {}: {says}", added.name, added.kind, added.file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_the_boards() {
        for (board, name) in [("Acme Inc.", "acme-inc"), ("www.acme.example", "acme-example"), ("ag/Airbus", "ag-airbus"), ("***", "")] {
            assert_eq!(plain(board), name);
        }
        assert_eq!(plain(&"x".repeat(200)).len(), 60);
    }

    #[test]
    fn a_value_cannot_leave_its_line() {
        let url = Url::parse("https://jobs.lever.co/a%22%0Ab%20=%201%0A%5Bweb%5D").unwrap();
        let mut found = by_address(&Url::parse("https://jobs.lever.co/acme").unwrap()).unwrap();
        found.keys = vec![("board", "a\"\nb = 1\n[web]\nlisten = \"x".to_owned())];
        let settings = found.settings("n\"\n[web]");
        let block = block(&found, &settings).ok().unwrap();
        assert!(still_a_configuration(&block, &settings, &block).is_ok(), "{block}");
        assert!(by_address(&url).is_none());
    }

    #[test]
    fn a_kind_whose_terms_need_a_leave_gets_its_line_commented() {
        use crate::sources::{Kind, SourceSettingsError, Terms};
        let kind: &'static Kind = Box::leak(Box::new(Kind {
            name: "walled",
            description: "",
            keys: &[],
            terms: Terms::open("", std::time::Duration::ZERO).forbidding(),
            knows: |_| None,
            build: |_| Err(SourceSettingsError::BadValue { name: "x".into(), key: "y".into(), expected: "z".into() }),
        }));
        let found = Found { kind, keys: Vec::new(), address: Url::parse("https://walled.example/").unwrap() };
        let block = block(&found, &found.settings("walled")).ok().unwrap();
        assert!(block.contains("\n# leave = true "), "{block}");
    }
}
