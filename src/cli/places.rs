//! `rolecall places`: places an operator adds to the vocabulary.

use std::path::Path;
use std::time::{Duration, Instant};

use super::args::PlacesCommand;
use super::exit::CliError;
use super::output::{self, Format};
use super::talk::talk;
use crate::app::places::{ImportSummary, PlacesError, Told, added_places, import};
use crate::clock::Clock;
use crate::domain::geonames::ATTRIBUTION;

/// Bad lines that are told one by one; the rest are counted.
const MOST_TOLD: u64 = 20;
/// Between two words on how far the reading is.
const PACE: Duration = Duration::from_secs(1);

/// `rolecall places ...`
pub fn places(command: &PlacesCommand, data_dir: &Path, format: Format) -> Result<(), CliError> {
    match command {
        PlacesCommand::Import { file, population } => {
            let summary = read(data_dir, file, *population)?;
            report(summary, file, format)
        }
        PlacesCommand::Show => {
            let header = added_places(data_dir).map_err(broken)?;
            match (header, format) {
                (header, Format::Json) => output::json(&header),
                (None, Format::Text) => output::line("no places were added: rolecall places import FILE"),
                (Some(header), Format::Text) => {
                    output::line(&format!("{} places, added {}", header.places, header.imported_at.to_rfc3339()))?;
                    output::line(&header.attribution)
                }
            }
        }
    }
}

fn read(data_dir: &Path, file: &Path, population: u64) -> Result<ImportSummary, CliError> {
    let size = std::fs::metadata(file).map_err(|fault| CliError::unreadable(file, &fault))?.len().max(1);
    let (mut bad, mut last) = (0, Instant::now());
    let tell = |told: &Told<'_>| match told {
        Told::Bad { line, fault } => {
            bad += 1;
            if bad <= MOST_TOLD {
                talk(&format!("rolecall: {}, line {line}: {fault}; the line is left out", file.display()));
            }
        }
        Told::Done { lines, bytes } if last.elapsed() >= PACE => {
            last = Instant::now();
            talk(&format!("rolecall: {lines} lines read, {} %", bytes * 100 / size));
        }
        Told::Done { .. } => {}
    };
    import(data_dir, file, population, Clock::System.now(), tell).map_err(broken)
}

fn report(summary: ImportSummary, file: &Path, format: Format) -> Result<(), CliError> {
    if format == Format::Json {
        output::json(&summary)?;
    } else {
        let ImportSummary { lines, taken, passed_over, bad, kept } = summary;
        output::line(&format!("{lines} lines: {taken} places taken, {passed_over} passed over, {bad} left out; {kept} places kept"))?;
        output::line(ATTRIBUTION)?;
    }
    talk("rolecall: the places join the vocabulary at the next start of the service");
    if summary.taken == 0 {
        let mend = "give an unpacked extract of GeoNames, such as cities15000.txt, or a smaller --population";
        return Err(CliError::data(format!("{}: no place was taken: {mend}", file.display())));
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn broken(error: PlacesError) -> CliError {
    CliError::unavailable(error.to_string())
}
