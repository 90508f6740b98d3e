//! The world's raw material: employers, places, roles and sentences, as data in `config/demo`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The platform whose wire shape an employer's board speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardKind {
    /// Greenhouse job board API, one board an employer.
    Greenhouse,
    /// Lever postings API, one site an employer.
    Lever,
    /// Ashby posting API, one board an employer.
    Ashby,
    /// Jobicy: one list of remote jobs of many employers.
    Jobicy,
    /// Arbeitnow: one paged list of many employers.
    Arbeitnow,
    /// An RSS feed of the employer's own.
    Rss,
    /// A file of postings, a line each.
    File,
}

impl BoardKind {
    /// The name of the kind in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Greenhouse => "greenhouse",
            Self::Lever => "lever",
            Self::Ashby => "ashby",
            Self::Jobicy => "jobicy",
            Self::Arbeitnow => "arbeitnow",
            Self::Rss => "rss",
            Self::File => "file",
        }
    }
}

/// The family a role belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Backend engineers.
    Backend,
    /// Database administrators and reliability engineers.
    Database,
    /// Solutions, software and data architects; not those of buildings.
    Architect,
    /// Other work with software.
    OtherTech,
    /// Work of all other kinds.
    Other,
}

/// A continent the world has jobs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Continent {
    /// Here: India and Singapore.
    Asia,
    /// From Lisbon to Warsaw.
    Europe,
    /// From Toronto to São Paulo.
    America,
}

/// A town, in the spellings that boards use for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The key by which employers name it.
    pub key: String,
    /// Plain English name.
    pub city: String,
    /// State or region, where boards write one.
    pub region: String,
    /// Country in English.
    pub country: String,
    /// ISO 3166 alpha-2.
    pub iso: String,
    /// The continent.
    pub continent: Continent,
    /// ISO 4217 of what is paid here.
    pub currency: String,
    /// How boards spell the place.
    pub spellings: Vec<String>,
}

/// A fictional employer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// Board token, lower case.
    pub token: String,
    /// Name as shown.
    pub name: String,
    /// Its host, under `.example`.
    pub domain: String,
    /// The board it publishes on.
    pub kind: BoardKind,
    /// Decides which of the other roles it hires for.
    pub sector: String,
    /// Keys of its places.
    pub places: Vec<String>,
    /// How it words a limit of remote work; empty: no remote work.
    pub remote: Vec<String>,
    /// What it builds, as the end of "You will work on ...".
    pub products: Vec<String>,
    /// Paragraphs about itself.
    pub about: Vec<String>,
    /// What it gives besides pay.
    pub perks: Vec<String>,
    /// Sentences on visa and relocation, one of which is used; may be empty.
    #[serde(default)]
    pub visa: Vec<String>,
}

/// A kind of job that employers open again and again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The family.
    pub family: Family,
    /// Titles in use for it, without a level.
    pub titles: Vec<String>,
    /// Sectors that hire it; empty: all.
    #[serde(default)]
    pub sectors: Vec<String>,
    /// Levels it exists in.
    pub levels: Vec<Level>,
    /// Pay in percent of a backend engineer's at the same level and place.
    pub pay_percent: u32,
    /// Cannot be done from home.
    #[serde(default)]
    pub on_site: bool,
    /// The department it belongs to.
    pub department: String,
    /// Opening paragraphs, one of which is used.
    pub intro: Vec<String>,
    /// What it does; some are used.
    pub duties: Vec<String>,
    /// What it asks for; some are used.
    pub needs: Vec<String>,
    /// What is welcome; some are used.
    #[serde(default)]
    pub welcome: Vec<String>,
    /// The craft in which years of experience are counted.
    pub craft: String,
}

/// Seniority as the world pays and words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Interns and apprentices.
    Intern,
    /// First job.
    Junior,
    /// No word in the title.
    Mid,
    /// Senior.
    Senior,
    /// Lead, staff, principal.
    Lead,
}

/// Sentences that many employers share the sense of, each list in many wordings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// Headings by the kind of section.
    pub headings: BTreeMap<String, Vec<String>>,
    /// Words for a level in a title, with `{title}`.
    pub titles: BTreeMap<Level, Vec<String>>,
    /// Years of experience by level, with `{craft}`.
    pub years: BTreeMap<Level, Vec<String>>,
    /// Ways into the job, for work with software.
    pub education: Vec<String>,
    /// Ways in for a first job: apprenticeships and boot camps.
    pub education_entry: Vec<String>,
    /// Sentences on remote work, with `{limit}`.
    pub remote: Vec<String>,
    /// Sentences on hybrid work, with `{city}`.
    pub hybrid: Vec<String>,
    /// Sentences on work on site, with `{city}`.
    pub onsite: Vec<String>,
    /// Sentences around pay, with `{pay}`.
    pub pay: Vec<String>,
    /// What a backend job may hold beside its own duties.
    pub backend_duties: Vec<String>,
    /// What a backend job may ask beside its own needs.
    pub backend_needs: Vec<String>,
    /// Paragraphs on the team and how it works; full of figures that are neither pay nor years asked for, as in real postings.
    pub team: Vec<String>,
    /// How hiring goes; one is used.
    pub process: Vec<String>,
    /// Last sentences; one is used.
    pub closing: Vec<String>,
}

/// Everything the world is made of.
#[derive(Debug)]
pub struct Catalogue {
    /// Towns by key.
    pub places: BTreeMap<String, Place>,
    /// Employers.
    pub companies: Vec<Company>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Shared sentences.
    pub phrases: Phrases,
}

#[derive(Deserialize)]
struct PlacesFile {
    place: Vec<Place>,
}

#[derive(Deserialize)]
struct CompaniesFile {
    company: Vec<Company>,
}

#[derive(Deserialize)]
struct RolesFile {
    role: Vec<Role>,
}

impl Catalogue {
    /// The data that is built in.
    pub fn embedded() -> Self {
        let places: PlacesFile = read(include_str!("../../config/demo/places.toml"));
        let mut roles: RolesFile = read(include_str!("../../config/demo/roles_backend.toml"));
        let others: RolesFile = read(include_str!("../../config/demo/roles_other.toml"));
        let companies: CompaniesFile = read(include_str!("../../config/demo/companies.toml"));
        roles.role.extend(others.role);
        Self {
            places: places.place.into_iter().map(|place| (place.key.clone(), place)).collect(),
            companies: companies.company,
            roles: roles.role,
            phrases: read(include_str!("../../config/demo/phrases.toml")),
        }
    }

    /// The places of an employer.
    pub fn places_of<'a>(&'a self, company: &Company) -> Vec<&'a Place> {
        company.places.iter().filter_map(|key| self.places.get(key)).collect()
    }

    /// The roles an employer hires for.
    pub fn roles_of(&self, company: &Company) -> Vec<&Role> {
        self.roles.iter().filter(|role| role.sectors.is_empty() || role.sectors.contains(&company.sector)).collect()
    }
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).expect("the built-in data is read by a test of this file")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{BoardKind, Catalogue, Family, Level};

    #[test]
    fn the_built_in_data_holds_together() {
        let world = Catalogue::embedded();
        assert!(world.companies.len() >= 25, "{} companies", world.companies.len());
        assert!(world.roles.len() >= 45, "{} roles", world.roles.len());
        let tokens: BTreeSet<_> = world.companies.iter().map(|company| &company.token).collect();
        assert_eq!(tokens.len(), world.companies.len(), "a token is used twice");
        for company in &world.companies {
            assert_eq!(world.places_of(company).len(), company.places.len(), "{} names an unknown place", company.token);
            assert!(company.domain.ends_with(".example"), "{} is on a real domain", company.token);
            assert!(!company.places.is_empty() && !company.about.is_empty() && !company.products.is_empty(), "{}", company.token);
        }
        let sectors: BTreeSet<_> = world.companies.iter().map(|company| &company.sector).collect();
        for role in &world.roles {
            assert!(role.sectors.iter().all(|sector| sectors.contains(sector)), "nobody hires {:?}", role.titles);
            assert!(role.duties.len() >= 4 && role.needs.len() >= 3, "{:?} is thin", role.titles);
        }
        for level in [Level::Intern, Level::Junior, Level::Mid, Level::Senior, Level::Lead] {
            assert!(world.phrases.titles.contains_key(&level) && world.phrases.years.contains_key(&level), "{level:?}");
        }
        for heading in ["about", "duties", "needs", "welcome", "perks"] {
            assert!(world.phrases.headings.contains_key(heading), "{heading}");
        }
    }

    #[test]
    fn every_kind_of_board_and_every_family_is_played() {
        let world = Catalogue::embedded();
        let kinds: BTreeSet<_> = world.companies.iter().map(|company| company.kind).collect();
        for kind in [
            BoardKind::Greenhouse,
            BoardKind::Lever,
            BoardKind::Ashby,
            BoardKind::Jobicy,
            BoardKind::Arbeitnow,
            BoardKind::Rss,
            BoardKind::File,
        ] {
            assert!(kinds.contains(&kind), "{}", kind.name());
        }
        let families: BTreeSet<_> = world.roles.iter().map(|role| role.family).collect();
        assert_eq!(families.len(), [Family::Backend, Family::Database, Family::Architect, Family::OtherTech, Family::Other].len());
    }
}
