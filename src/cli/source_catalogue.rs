//! `rolecall source catalogue`: the boards that come with Rolecall, and which of them are on.

use std::collections::BTreeSet;

use super::args::{CatalogueArgs, Global};
use super::exit::CliError;
use super::output::{self, Format};
use super::talk::talk;
use crate::sources::{Entry, entries, search};

/// Lists the entries that fit.
pub fn catalogue(args: &CatalogueArgs, global: &Global) -> Result<(), CliError> {
    let config = global.load()?;
    let on: BTreeSet<&str> = config.source.iter().map(|source| source.name.as_str()).collect();
    let is_on = |entry: &Entry| on.contains(entry.source_name().as_str());
    let found = search(args.country.as_deref(), args.tag.as_deref(), args.search.as_deref());
    let found = found.map_err(|error| CliError::data(format!("--{}: {}", error.key, error.fault)))?;
    if global.format() == Format::Json {
        return found.iter().try_for_each(|entry| {
            output::json(&serde_json::json!({
                "kind": entry.found.kind.name,
                "board": entry.board,
                "company": entry.company,
                "country": (!entry.country.is_empty()).then_some(&entry.country),
                "tags": entry.tags,
                "address": entry.found.address.as_str(),
                "on": is_on(entry),
            }))
        });
    }
    let row = |entry: &&Entry| {
        let on = if is_on(entry) { "on" } else { "" };
        let cells = [on, &entry.company, entry.found.kind.name, &entry.board, &entry.country];
        cells.into_iter().map(str::to_owned).chain([entry.tags.join(" ")]).collect()
    };
    output::table(&["ON", "COMPANY", "KIND", "BOARD", "COUNTRY", "TAGS"], &found.iter().map(row).collect::<Vec<Vec<String>>>())?;
    let count = found.iter().filter(|entry| is_on(entry)).count();
    talk(&format!("rolecall: {} of {} boards listed, {count} of them on; [catalogue] switches them", found.len(), entries().len()));
    Ok(())
}
