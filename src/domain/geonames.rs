//! One line of a GeoNames extract: <https://download.geonames.org/export/dump/readme.txt>.
//!
//! `cities15000.txt` or a country's file such as `IN.txt`: UTF-8, one place a line, 19 columns parted by tabs:
//! 1 geonameid, 2 name, 3 asciiname, 4 alternatenames (parted by commas), 5 latitude, 6 longitude, 7 feature class, 8 feature code,
//! 9 country code, 10 cc2, 11 to 14 admin1 to admin4 code, 15 population, 16 elevation, 17 dem, 18 timezone, 19 modification date.

use chrono_tz::Tz;

use crate::domain::gazetteer::CityEntry;
use crate::domain::nation::countries;

/// The licence of the data, as its terms ask for it to be named.
pub const LICENCE: &str = "CC BY 4.0";
/// Whom to name, and where.
pub const ATTRIBUTION: &str =
    "Place data from GeoNames (https://www.geonames.org), licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)";

/// Columns of a line.
const COLUMNS: usize = 19;
/// Most other names of a place that are kept.
const MOST_NAMES: usize = 12;
/// Lengths of other names that are kept, in characters: shorter ones are codes, longer ones descriptions.
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 4..=40;
/// Populated places that nobody lives in any more: historical, destroyed, abandoned.
const GONE: [&str; 3] = ["PPLH", "PPLW", "PPLQ"];

/// A place where people live.
#[derive(Debug, Clone, PartialEq)]
pub struct Populated {
    /// The place.
    pub city: CityEntry,
    /// How many live there.
    pub population: u64,
}

/// Why a line cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeoNamesError {
    /// Not the 19 columns of an extract.
    #[error("{0} columns parted by tabs where an extract of GeoNames has 19: give the unpacked .txt file")]
    Columns(usize),
    /// A column with something else in it.
    #[error("column {column} ({name}): {given:?} is no {wanted}")]
    Column {
        /// Its number, from 1.
        column: usize,
        /// Its name in the readme.
        name: &'static str,
        /// What stands there, shortened.
        given: String,
        /// What should stand there.
        wanted: &'static str,
    },
}

/// Reads a line; none where it is no populated place.
///
/// # Errors
/// Names the column.
pub fn parse_line(line: &str) -> Result<Option<Populated>, GeoNamesError> {
    let columns: Vec<&str> = line.trim_end_matches(['\r', '\n']).split('\t').collect();
    if columns.len() != COLUMNS {
        return Err(GeoNamesError::Columns(columns.len()));
    }
    if columns[6] != "P" || GONE.contains(&columns[7]) {
        return Ok(None);
    }
    let bad =
        |column: usize, name, wanted| GeoNamesError::Column { column, name, given: columns[column - 1].chars().take(40).collect(), wanted };
    let name = Some(columns[1].trim()).filter(|name| !name.is_empty()).ok_or_else(|| bad(2, "name", "name"))?;
    let degrees = |column: usize, name, most: f64| {
        let figure = columns[column - 1].parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
        figure.ok_or_else(|| bad(column, name, "number of degrees"))
    };
    let latitude = degrees(5, "latitude", 90.0)?;
    let longitude = degrees(6, "longitude", 180.0)?;
    let nation = countries().by_code(columns[8]).ok_or_else(|| bad(9, "country code", "code of ISO 3166, such as IN"))?;
    let population = columns[14].parse().map_err(|_| bad(15, "population", "whole number"))?;
    let zone: Tz = columns[17].parse().map_err(|_| bad(18, "timezone", "IANA time zone"))?;
    let aliases = other_names(name, columns[2], columns[3]);
    let region = nation.postal.get(columns[10]).cloned();
    let city = CityEntry { name: name.to_owned(), aliases, country: nation.code, region, latitude, longitude, zone, word: false };
    Ok(Some(Populated { city, population }))
}

/// The plain name and the other names that look like names.
fn other_names(name: &str, plain: &str, others: &str) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for other in [plain].into_iter().chain(others.split(',')).map(str::trim) {
        let looks = NAME_LENGTH.contains(&other.chars().count())
            && other.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
            && !other.chars().any(|c| c.is_ascii_digit() || matches!(c, '/' | ':' | '@'));
        if looks && other != name && !kept.iter().any(|known| known == other) {
            kept.push(other.to_owned());
        }
        if kept.len() == MOST_NAMES {
            break;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(columns: &[(usize, &str)]) -> String {
        let mut all = vec![
            "1",
            "Hampi",
            "Hampi",
            "Hampe,Vijayanagara,hampi,HMP,ハンピ寺院",
            "15.335",
            "76.46",
            "P",
            "PPL",
            "IN",
            "",
            "19",
            "",
            "",
            "",
            "2777",
            "",
            "467",
            "Asia/Kolkata",
            "2024-01-01",
        ];
        for (column, text) in columns {
            all[column - 1] = text;
        }
        all.join("\t")
    }

    #[test]
    fn a_line_becomes_a_city_with_its_other_names() {
        let found = parse_line(&line(&[])).unwrap().unwrap();
        assert_eq!((found.city.name.as_str(), found.population, found.city.zone), ("Hampi", 2777, Tz::Asia__Kolkata));
        assert_eq!(found.city.aliases, ["Hampe", "Vijayanagara", "ハンピ寺院"]);
        let us = parse_line(&line(&[(9, "US"), (11, "CA"), (18, "America/Los_Angeles")])).unwrap().unwrap();
        assert_eq!(us.city.region.as_deref(), Some("California"));
    }

    #[test]
    fn hills_and_what_is_gone_are_passed_over() {
        assert_eq!(parse_line(&line(&[(7, "T"), (8, "HLL")])), Ok(None));
        assert_eq!(parse_line(&line(&[(8, "PPLH")])), Ok(None));
    }

    #[test]
    fn a_bad_line_names_its_column() {
        for (columns, words) in [
            (&[(5, "north")][..], "column 5 (latitude): \"north\" is no number of degrees"),
            (&[(6, "999")], "column 6 (longitude)"),
            (&[(9, "XX")], "column 9 (country code)"),
            (&[(15, "many")], "column 15 (population)"),
            (&[(18, "Mars/Olympus")], "column 18 (timezone)"),
        ] {
            let error = parse_line(&line(columns)).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        assert!(parse_line("a,b,c").unwrap_err().to_string().contains("1 columns"));
    }
}
