//! Data on stdout: JSON, or columns for people. A closed pipe is no error.

use std::io::Write as _;

use serde::Serialize;

use super::exit::CliError;
use crate::domain::line::{one_line, plain_lines};

/// Longest cell of a table, in characters.
const CELL: usize = 1_000;

/// How data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Writes bytes; a reader that has gone away ends the program quietly.
pub fn write(bytes: &[u8]) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    settle(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Turns the result of writing to stdout into a command's: a reader that has gone away ends the program quietly.
pub fn settle(written: std::io::Result<()>) -> Result<(), CliError> {
    match written {
        Ok(()) => Ok(()),
        Err(fault) if fault.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(fault) => Err(CliError::unavailable(format!("standard output: {fault}"))),
    }
}

/// Writes one value as a line of JSON.
pub fn json(value: &impl Serialize) -> Result<(), CliError> {
    let mut bytes = serde_json::to_vec(value).map_err(|fault| CliError::internal(&fault.to_string()))?;
    bytes.push(b'\n');
    write(&bytes)
}

/// So many of something, for people: an s where it is not one.
pub fn counted(count: u64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// Writes a line, or several; what strangers wrote turns no terminal around.
pub fn line(text: &str) -> Result<(), CliError> {
    write(format!("{}\n", plain_lines(text)).as_bytes())
}

/// Writes rows in columns as wide as their widest cell, under a head; each cell is one line.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> Result<(), CliError> {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| one_line(cell, CELL)).collect()).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([head[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let print = |cells: Vec<&str>| {
        let padded: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("{}\n", padded.join("  ").trim_end())
    };
    let mut text = print(head.to_vec());
    for row in &rows {
        text += &print(row.iter().map(String::as_str).collect());
    }
    write(text.as_bytes())
}
