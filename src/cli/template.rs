//! `rolecall template`: the templates of letters, for operators who want their own.

use std::io::Write as _;
use std::path::Path;

use super::args::TemplateCommand;
use super::exit::CliError;
use super::output::{self, Format};
use super::talk::talk;
use crate::app::TEMPLATES;

/// `rolecall template ...`
pub fn template(command: &TemplateCommand, format: Format) -> Result<(), CliError> {
    let TemplateCommand::Export { folder } = command;
    let mut written = Vec::new();
    for (name, text) in TEMPLATES {
        let file = folder.join(name);
        let fault =
            |fault: &std::io::Error| CliError::unavailable(format!("{}: {fault}: give a folder that can be written", file.display()));
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).map_err(|error| fault(&error))?;
        }
        if put(&file, text).map_err(|error| fault(&error))? {
            written.push(file.display().to_string());
        }
    }
    match format {
        Format::Json => output::json(&written)?,
        Format::Text => written.iter().try_for_each(|file| output::line(file))?,
    }
    let there = TEMPLATES.len() - written.len();
    talk(&format!(
        "rolecall: {} templates written, {there} were there already; set templates = {:?} under [mail], keep only what you change, and \
         look at it with `rolecall mail preview KIND`",
        written.len(),
        folder.display().to_string()
    ));
    Ok(())
}

/// Writes a file that is not there yet; false where it is.
fn put(file: &Path, text: &str) -> std::io::Result<bool> {
    match std::fs::OpenOptions::new().write(true).create_new(true).open(file) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(fault) if fault.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(fault) => Err(fault),
    }
}
