//! The words of titles and pay, as data, and the doors to skills, places and countries: `config/vocabulary/*.toml`, embedded.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::employer::CompanyKind;
use crate::domain::pay::{Currency, PayPeriod};
use crate::domain::pay_extra::PayExtra;
use crate::domain::perk::Perk;
use crate::domain::place::Country;

pub use crate::domain::gazetteer::{CityEntry, Gazetteer, PlacesInUse, add_places, places};
pub use crate::domain::nation::{Countries, CountryEntry, RegionEntry, countries};
pub use crate::domain::skill_vocabulary::{SkillEntry, SkillFamily, SkillVocabulary, skills};

/// The words of titles: which phrases speak for which role and level, in several languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleWords {
    /// Server-side work by name: back end, full stack.
    pub backend: Vec<String>,
    /// A developer of a named server language or framework.
    pub server_language: Vec<String>,
    /// What a builder of software works on where it is the server's side: `Software Engineer, API`.
    pub server_field: Vec<String>,
    /// Running, designing or developing databases.
    pub database: Vec<String>,
    /// Names of databases beside words for the job.
    pub database_job: Vec<DatabaseJobs>,
    /// Deciding how systems are built.
    pub architect: Vec<String>,
    /// What holds an architect's word and means something else.
    pub never_architect: Vec<String>,
    /// Software architects, who build by their title.
    pub building_architect: Vec<String>,
    /// Architects of something else: buildings, interfaces, mobile apps.
    pub other_architect: Vec<String>,
    /// Architects of systems, whatever else a title says.
    pub surely_architect: Vec<String>,
    /// Builders of software without a word on which side.
    pub developer: Vec<String>,
    /// Work that is none of ours even beside a developer's words.
    pub other: Vec<String>,
    /// Those whose field stands behind a comma or before the word: managers, recruiters, designers.
    pub manages: Vec<String>,
    /// Packages and platforms that decide what is built.
    pub package: Vec<String>,
    /// What holds a word of the server's side and means something else.
    pub never_backend: Vec<String>,
    /// What holds a server language's word and means something else.
    pub never_language: Vec<String>,
    /// What holds a builder's word and means something else.
    pub never_builder: Vec<String>,
    /// Fields that raise the bar for a builder of software and name other work without one.
    pub leaning: Vec<String>,
    /// Those of them in which an engineer without a word of software may build services all the same: the text tells.
    pub building_field: Vec<String>,
    /// Fields that lean away from the server's side of which the text alone says whether services are built.
    pub open_field: Vec<String>,
    /// Tools that make reports out of databases.
    pub report_tool: Vec<String>,
    /// Big data, of which a software engineer builds the systems.
    pub data_building: Vec<String>,
    /// Languages in which servers are written and as much else.
    pub shared_language: Vec<String>,
    /// What a title with such a language is about where no server is meant.
    pub science: Vec<String>,
    /// Fields that borrow the word for the job from the one behind them.
    pub lending: Vec<String>,
    /// Those that may stand behind the comma or dash of a bare engineer.
    pub field_behind: Vec<String>,
    /// Trades and fields of companies: other work, unless a software engineer by name stands beside them.
    pub business: Vec<String>,
    /// Words behind which a word of work belongs to the name of a company or a school.
    pub company: Vec<String>,
    /// A builder of software by name.
    pub software: Vec<String>,
    /// Languages and frameworks of the client's side.
    pub client_language: Vec<String>,
    /// Work at the client's side by name.
    pub client_work: Vec<String>,
    /// Full stack that is mostly the client's side.
    pub front_leaning: Vec<String>,
    /// Words that name a job, whatever it is.
    pub heads: Vec<String>,
    /// Words beside which an architect still stands bare: levels and articles.
    pub bare: Vec<String>,
    /// Words of the terms of work, interns among them.
    pub terms: Vec<String>,
    /// Intern, working student.
    pub intern: Vec<String>,
    /// Junior, graduate, trainee.
    pub entry: Vec<String>,
    /// II, intermediate.
    pub mid: Vec<String>,
    /// Senior, staff, principal.
    pub senior: Vec<String>,
    /// Lead, manager, head.
    pub lead: Vec<String>,
}

/// Databases and the jobs that each of them goes with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseJobs {
    /// Names of databases, or words that stand first.
    pub products: Vec<String>,
    /// Words for the job, or words that stand behind them.
    pub jobs: Vec<String>,
}

impl DatabaseJobs {
    /// Every product with every job.
    pub fn phrases(&self) -> impl Iterator<Item = String> {
        self.products.iter().flat_map(|product| self.jobs.iter().map(move |job| format!("{product} {job}")))
    }
}

/// How pay is written: the words of money.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayWords {
    /// Signs and codes of currencies.
    pub sign: Vec<CurrencySign>,
    /// Words for sizes.
    pub size: Vec<SizeWord>,
    /// Words for periods.
    pub period: Vec<PeriodWord>,
    /// What may stand between a figure and its period: gross, in hand.
    pub between_period: Vec<String>,
    /// Words before a figure that say it is pay.
    pub pay_words: Vec<String>,
    /// Words that say it is pay only where the figure follows at once.
    pub pay_right_before: Vec<String>,
    /// Words of prices right before a figure.
    pub price_before: Vec<String>,
    /// Small words that may stand between a word of prices and its figure.
    pub price_between: Vec<String>,
    /// Words close before a figure that say it is none.
    pub never_before: Vec<String>,
    /// What is insured: a salary named behind it in the same clause only measures it.
    pub insured: Vec<String>,
    /// Words right behind a figure that say it is none.
    pub never_after: Vec<String>,
    /// What money a place uses.
    pub money: Vec<MoneyOfPlace>,
    /// Labels of forms; a figure right behind one is pay.
    pub labels: Vec<String>,
    /// Words right behind a figure that say it is pay.
    pub pay_behind: Vec<String>,
    /// Words right before a figure that make it the least.
    pub from_before: Vec<String>,
    /// Words right behind a figure that make it the least.
    pub from_behind: Vec<String>,
    /// Words right before a figure that make it the most.
    pub up_to_before: Vec<String>,
    /// What stands between the two ends of a range.
    pub range_between: Vec<String>,
    /// Words for periods before a figure.
    pub period_before: Vec<PeriodBefore>,
    /// What the size of a figure says of its period.
    pub period_by_size: Vec<PeriodBySize>,
    /// What is paid beside base pay.
    pub extra: Vec<ExtraWords>,
}

impl PayWords {
    /// The one period that a figure of this size can be for, where its currency leaves only one.
    #[must_use]
    pub fn period_of(&self, units: f64, currency: Currency) -> Option<PayPeriod> {
        let size = self.period_by_size.iter().find(|size| size.currency == currency)?;
        if units >= size.yearly_from {
            return Some(PayPeriod::Year);
        }
        let [from, to] = size.monthly?;
        (from..=to).contains(&units).then_some(PayPeriod::Month)
    }
}

/// The words for something that is paid beside base pay.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraWords {
    /// What it is.
    pub extra: PayExtra,
    /// Its words.
    pub write: Vec<String>,
    /// Phrases that hold such a word and mean something else.
    #[serde(default)]
    pub never: Vec<String>,
}

/// The spellings of one currency.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurrencySign {
    /// Signs, codes and words.
    pub write: Vec<String>,
    /// The currency.
    pub currency: Currency,
    /// The bare dollar sign, which the place may turn into another dollar.
    #[serde(default)]
    pub dollar: bool,
}

/// The spellings of one size: k, lakh, crore.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizeWord {
    /// Its spellings.
    pub write: Vec<String>,
    /// What it multiplies by.
    pub times: f64,
    /// Whether only rupees are counted so.
    #[serde(default)]
    pub indian: bool,
}

/// The spellings of one period.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodWord {
    /// The period.
    pub period: PayPeriod,
    /// Words that may follow a figure at once.
    pub alone: Vec<String>,
    /// Words that need `per`, `a` or `/` before them.
    pub write: Vec<String>,
}

/// The money of some countries.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyOfPlace {
    /// The currency.
    pub currency: Currency,
    /// Where it is used.
    pub countries: Vec<Country>,
}

/// Words before a figure that name its period, where a word of pay follows or is in them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodBefore {
    /// The period.
    pub period: PayPeriod,
    /// The words.
    pub write: Vec<String>,
}

/// What the size of a figure says of its period.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodBySize {
    /// The currency.
    pub currency: Currency,
    /// From this size on it can only be for a year.
    pub yearly_from: f64,
    /// Between these it can only be for a month.
    #[serde(default)]
    pub monthly: Option<[f64; 2]>,
}

static PAY: LazyLock<PayWords> = LazyLock::new(|| {
    toml::from_str(include_str!("../../config/vocabulary/pay.toml")).expect("the embedded pay words parse; a test reads them")
});

/// A perk and how postings word it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerkWords {
    /// The perk.
    pub perk: Perk,
    /// Its wordings, folded.
    pub write: Vec<String>,
}

/// A kind of company and how it words itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyWords {
    /// The kind.
    pub kind: CompanyKind,
    /// Its wordings, folded.
    pub write: Vec<String>,
}

/// The terms around the work.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermWords {
    /// Perks.
    pub perk: Vec<PerkWords>,
    /// Kinds of companies.
    pub company: Vec<CompanyWords>,
    /// Parts of a company's name that make it a body of the public.
    pub public_names: Vec<String>,
    /// What recruiters write.
    pub agency: Vec<String>,
    /// Parts of a company's name that make it a recruiter.
    pub agency_names: Vec<String>,
    /// What an employer writes who hires for itself.
    pub direct: Vec<String>,
}

static TERMS: LazyLock<TermWords> = LazyLock::new(|| {
    toml::from_str(include_str!("../../config/vocabulary/terms.toml")).expect("the embedded terms parse; a test reads them")
});

/// The embedded words of the terms around the work.
#[must_use]
pub fn term_words() -> &'static TermWords {
    &TERMS
}

static TITLES: LazyLock<TitleWords> = LazyLock::new(|| {
    toml::from_str(include_str!("../../config/vocabulary/titles.toml")).expect("the embedded title words parse; a test reads them")
});

/// The embedded words of pay.
#[must_use]
pub fn pay_words() -> &'static PayWords {
    &PAY
}

/// The embedded title words.
#[must_use]
pub fn titles() -> &'static TitleWords {
    &TITLES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_is_large_enough_to_be_useful() {
        assert!(!titles().backend.is_empty());
        assert_eq!(term_words().perk.len(), Perk::ALL.len());
    }
}
