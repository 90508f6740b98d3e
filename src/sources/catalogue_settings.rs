//! `[catalogue]`: the boards of the catalogue that are read, off until some are named.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::domain::cron::CronExpression;
use crate::sources::catalogue::{CatalogueError, Entry, check_countries, check_tags, check_words, entries};
use crate::sources::settings::SourceSettings;

/// `[catalogue]`: which boards of the catalogue are read. An entry is on when it fits any of the three lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CatalogueSettings {
    /// Names of companies or of their boards.
    pub companies: Vec<String>,
    /// Countries, by their codes of ISO 3166.
    pub countries: Vec<String>,
    /// Branches, such as `fintech`, or `backend`.
    pub tags: Vec<String>,
    /// Companies or boards that stay off.
    pub except: Vec<String>,
    /// When they are asked: a cron expression of five fields, UTC. `H` for minute or hour stands for one of each board's own, `H/n`
    /// for every n-th from there, so that hundreds of boards are not asked at once.
    pub schedule: String,
}

impl Default for CatalogueSettings {
    fn default() -> Self {
        let none = Vec::new;
        Self { companies: none(), countries: none(), tags: none(), except: none(), schedule: "H H/2 * * *".to_owned() }
    }
}

impl CatalogueSettings {
    /// The sources that are on, leaving out boards that one of `beside` reads already.
    ///
    /// # Errors
    /// A company, country or tag that is not in the catalogue, or a schedule that cannot be understood.
    pub fn sources(&self, beside: &[SourceSettings]) -> Result<Vec<SourceSettings>, CatalogueError> {
        self.check()?;
        if self.companies.is_empty() && self.countries.is_empty() && self.tags.is_empty() {
            return Ok(Vec::new());
        }
        let chosen = entries().iter().filter(|entry| self.has_on(entry));
        let fresh = chosen.filter(|entry| !beside.iter().any(|source| entry.found.is_read_by(source)));
        let source = |entry: &Entry| {
            let name = entry.source_name();
            let schedule = Some(schedule_of(&self.schedule, &name));
            SourceSettings { schedule, company: Some(entry.company.clone()), ..entry.found.settings(&name) }
        };
        Ok(fresh.map(source).collect())
    }

    fn has_on(&self, entry: &Entry) -> bool {
        let any = |words: &[String], fits: &dyn Fn(&str) -> bool| words.iter().any(|word| fits(word));
        let wanted = any(&self.companies, &|word| entry.is_called(word))
            || any(&self.countries, &|word| entry.is_in(word))
            || any(&self.tags, &|word| entry.has(word));
        wanted && !any(&self.except, &|word| entry.is_called(word))
    }

    fn check(&self) -> Result<(), CatalogueError> {
        check_countries("countries", &self.countries)?;
        check_tags("tags", &self.tags)?;
        for (key, words) in [("companies", &self.companies), ("except", &self.except)] {
            let names = || entries().iter().flat_map(Entry::names).map(|name| name.to_lowercase()).collect();
            check_words(key, words, Entry::is_called, names, "`rolecall source catalogue` lists all")?;
        }
        let example = schedule_of(&self.schedule, "");
        let fault = |error| CatalogueError { key: "schedule", fault: format!("{error}; H may stand for minute and hour") };
        CronExpression::parse(&example).map(|_| ()).map_err(fault)
    }
}

/// A schedule for one board: `H` becomes a minute or hour that its name decides, the same on every start.
fn schedule_of(text: &str, name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    let chance = u64::from_be_bytes([digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7]]);
    let (minute, hour) = (chance % 60, chance / 60 % 24);
    let field = |(index, field): (usize, &str)| match (index, field.strip_prefix('H')) {
        (0, Some(rest)) => own(rest, minute, 59).unwrap_or_else(|| field.to_owned()),
        (1, Some(rest)) => own(rest, hour, 23).unwrap_or_else(|| field.to_owned()),
        _ => field.to_owned(),
    };
    text.split_whitespace().enumerate().map(field).collect::<Vec<_>>().join(" ")
}

/// What `H` or `H/n` stands for.
fn own(rest: &str, chance: u64, last: u64) -> Option<String> {
    if rest.is_empty() {
        return Some(chance.to_string());
    }
    let step: u64 = rest.strip_prefix('/')?.parse().ok().filter(|step| (1..=last).contains(step))?;
    Some(format!("{}-{last}/{step}", chance % step))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn settings(text: &str) -> CatalogueSettings {
        toml::from_str(text).unwrap()
    }

    fn names(text: &str, beside: &[SourceSettings]) -> Vec<String> {
        settings(text).sources(beside).unwrap().into_iter().map(|source| source.name).collect()
    }

    #[test]
    fn it_is_off_until_something_is_chosen() {
        assert_eq!(names("", &[]), [""; 0]);
        assert_eq!(names("except = [\"gitlab\"]", &[]), [""; 0]);
    }

    #[test]
    fn companies_countries_and_tags_add_up_and_exceptions_come_off() {
        assert_eq!(names("companies = [\"GitLab\"]", &[]), ["catalogue/greenhouse/gitlab"]);
        assert_eq!(names("companies = [\"ashby/linear\"]", &[]), ["catalogue/ashby/linear"]);
        let india = names("countries = [\"in\"]", &[]);
        assert!(india.len() >= 5 && india.contains(&"catalogue/lever/paytm".to_owned()), "{india:?}");
        let with_more = names("countries = [\"IN\"]\ntags = [\"backend\"]\ncompanies = [\"paytm\", \"linear\"]", &[]);
        assert!(with_more.len() > 90 && india.iter().all(|name| with_more.contains(name)));
        assert_eq!(with_more.iter().collect::<BTreeSet<_>>().len(), with_more.len(), "a board that fits twice is one source");
        assert!(!names("countries = [\"IN\"]\nexcept = [\"Paytm\"]", &[]).contains(&"catalogue/lever/paytm".to_owned()));
    }

    #[test]
    fn a_board_that_a_source_reads_already_is_left_out() {
        let own: SourceSettings = toml::from_str("name = \"mine\"\nkind = \"greenhouse\"\nboard = \"gitlab\"").unwrap();
        assert_eq!(names("companies = [\"gitlab\"]", &[own]), [""; 0]);
    }

    #[test]
    fn a_word_that_nothing_has_is_named_with_the_nearest() {
        for (text, key, near) in [
            ("companies = [\"gitlap\"]", "companies", "did you mean \"gitlab\"?"),
            ("except = [\"strippe\"]", "except", "did you mean \"stripe\"?"),
            ("countries = [\"Indonesia\"]", "countries", "IN, "),
            ("countries = [\"IND\"]", "countries", "did you mean \"IN\"?"),
            ("countries = [\"\"]", "countries", "nothing in the catalogue has"),
            ("tags = [\"fintec\"]", "tags", "did you mean \"fintech\"?"),
            ("tags = [\"agriculture\"]", "tags", "security"),
            ("schedule = \"often\"", "schedule", "H may stand for"),
            ("schedule = \"H H/40 * * *\"", "schedule", "H may stand for"),
        ] {
            let error = settings(text).sources(&[]).unwrap_err();
            assert_eq!(error.key, key, "{text}");
            assert!(error.fault.contains(near), "{text}: {error}");
        }
    }

    #[test]
    fn boards_are_asked_at_minutes_of_their_own_that_stay() {
        let all = names("tags = [\"software\"]", &[]);
        let sources = settings("tags = [\"software\"]").sources(&[]).unwrap();
        let mut at: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
        for source in &sources {
            let schedule = source.schedule.clone().unwrap();
            CronExpression::parse(&schedule).unwrap();
            *at.entry(schedule).or_default() += 1;
        }
        assert!(at.len() > 100 && at.values().all(|count| *count < all.len() / 10), "{at:?}");
        assert_eq!(settings("tags = [\"software\"]").sources(&[]).unwrap(), sources);
        assert_eq!(schedule_of("0 6 * * *", "x"), "0 6 * * *", "what the operator wrote without H stays");
        let every_six: Vec<String> = ["a", "b", "c"].iter().map(|name| schedule_of("H H/6 * * 1", name)).collect();
        assert!(every_six.iter().all(|text| text.ends_with("-23/6 * * 1") && CronExpression::parse(text).is_ok()), "{every_six:?}");
    }
}
