//! Writes one posting from the catalogue: who, what, where, for how much, and a text that is no copy of its neighbours.

use chrono::{DateTime, Utc};

use crate::demo::catalogue::{BoardKind, Catalogue, Company, Continent, Family, Level, Place, Role};
use crate::demo::chance::Chance;
use crate::demo::job::{DemoJob, DemoMode, DemoPay, Section};
use crate::demo::pay;

/// Of a hundred jobs that can be done from home at an employer who allows it, so many are.
const REMOTE_PERCENT: u64 = 45;
/// Of the others, so many are partly in the office.
const HYBRID_PERCENT: u64 = 55;
/// Of a hundred jobs so many are open in a second town of the employer.
const SECOND_PLACE_PERCENT: u64 = 15;
/// A step through an employer's roles that visits all of them: its lists are shorter than this prime.
const ROLE_STRIDE: u64 = 97;
/// What a change of pay adds.
const RAISE_PERCENT: u32 = 8;

/// Writes the jobs of one world.
pub struct Writer<'a> {
    seed: u64,
    catalogue: &'a Catalogue,
}

/// What is settled before the text is written.
struct Brief<'a> {
    company: &'a Company,
    role: &'a Role,
    level: Level,
    place: &'a Place,
    second: Option<&'a Place>,
    mode: DemoMode,
    pay: Option<DemoPay>,
}

impl<'a> Writer<'a> {
    /// A writer for the world of `seed`.
    pub const fn new(seed: u64, catalogue: &'a Catalogue) -> Self {
        Self { seed, catalogue }
    }

    /// Job `number` in its `revision`: 0 as first published, 1 after its change of pay or place.
    pub fn write(&self, number: u64, revision: u32, published_at: DateTime<Utc>, updated_at: DateTime<Utc>) -> DemoJob {
        let brief = self.brief(number, revision);
        let mut chance = Chance::of(self.seed, "text", number);
        let title = self.title(&mut chance, &brief);
        let sections = self.sections(&mut chance, &brief);
        let limit = match &brief.mode {
            DemoMode::Remote(limit) => Some(limit.as_str()),
            DemoMode::Hybrid | DemoMode::OnSite => None,
        };
        let employment = match (brief.level, &brief.pay) {
            (Level::Intern, _) => "Internship",
            (_, Some(pay)) if contract(&pay.text) => "Contract",
            _ if brief.role.family == Family::Other && chance.percent(20) => "Part-time",
            _ => "Full-time",
        };
        let location = location(&mut chance, brief.place, limit);
        DemoJob {
            number,
            revision,
            token: brief.company.token.clone(),
            company: brief.company.name.clone(),
            domain: brief.company.domain.clone(),
            board: brief.company.kind,
            title,
            family: brief.role.family,
            level: brief.level,
            department: brief.role.department.clone(),
            location,
            more_places: brief.second.iter().map(|place| place.spellings[0].clone()).collect(),
            city: brief.place.city.clone(),
            region: brief.place.region.clone(),
            country: brief.place.country.clone(),
            iso: brief.place.iso.clone(),
            continent: brief.place.continent,
            mode: brief.mode,
            employment,
            pay: brief.pay,
            sections,
            published_at,
            updated_at,
        }
    }

    fn brief(&self, number: u64, revision: u32) -> Brief<'a> {
        let companies = u64::try_from(self.catalogue.companies.len()).unwrap_or(1).max(1);
        let (round, turn) = (number / companies, number % companies);
        let company = at(&self.catalogue.companies, turn + round * 7);
        let round = self.round_of(company, round);
        let roles = self.catalogue.roles_of(company);
        let role = *at(&roles, round.wrapping_mul(ROLE_STRIDE));
        let mut chance = Chance::of(self.seed, "brief", number);
        let level = *chance.pick(&role.levels);
        let places = self.catalogue.places_of(company);
        let place = *chance.pick(&places);
        let moves = revision > 0 && number.is_multiple_of(2) && places.len() > 1;
        let wants_second = chance.percent(SECOND_PLACE_PERCENT) || moves;
        let second = places.iter().find(|other| other.key != place.key).copied().filter(|_| wants_second);
        let only_remote = company.kind == BoardKind::Jobicy;
        let limits: Vec<&String> = company.remote.iter().filter(|limit| fits(limit, place)).collect();
        let mode = if role.on_site {
            DemoMode::OnSite
        } else if !limits.is_empty() && (only_remote || chance.percent(REMOTE_PERCENT)) {
            DemoMode::Remote((*chance.pick(&limits)).clone())
        } else if chance.percent(HYBRID_PERCENT) {
            DemoMode::Hybrid
        } else {
            DemoMode::OnSite
        };
        let raise = if revision > 0 && !moves { RAISE_PERCENT } else { 0 };
        let pay = pay::offer(&mut chance, place, role, level, raise);
        Brief { company, role, level, place, second, mode, pay }
    }

    /// Where an employer stands in its list of roles: each begins elsewhere, none repeats a role before all had their turn.
    fn round_of(&self, company: &Company, round: u64) -> u64 {
        Chance::of(self.seed, &company.token, 0).below(1 << 20) + round
    }

    fn title(&self, chance: &mut Chance, brief: &Brief<'_>) -> String {
        let bare = chance.pick(&brief.role.titles);
        let forms = self.catalogue.phrases.titles.get(&brief.level);
        let form = forms.map_or("{title}", |forms| chance.pick(forms).as_str());
        // Only where German is spoken does a title name the sexes.
        let form = if brief.place.iso == "DE" || brief.place.iso == "CH" { form } else { form.split(" (m/").next().unwrap_or(form) };
        form.replace("{title}", bare)
    }

    fn sections(&self, chance: &mut Chance, brief: &Brief<'_>) -> Vec<Section> {
        let phrases = &self.catalogue.phrases;
        let about = Section {
            heading: self.heading(chance, "about").replace("{company}", &brief.company.name),
            paragraphs: chance.some(&brief.company.about, 2).into_iter().cloned().collect(),
            points: Vec::new(),
        };
        let duties = Section { heading: self.heading(chance, "duties"), paragraphs: Vec::new(), points: self.duties(chance, brief) };
        let needs = Section { heading: self.heading(chance, "needs"), paragraphs: Vec::new(), points: self.needs(chance, brief) };
        let mut sections = vec![about, self.opening(chance, brief), duties, needs];
        if !brief.role.welcome.is_empty() && chance.percent(70) {
            let points = chance.some(&brief.role.welcome, 3).into_iter().cloned().collect();
            sections.push(Section { heading: self.heading(chance, "welcome"), paragraphs: Vec::new(), points });
        }
        let perks = chance.some(&brief.company.perks, 4).into_iter().cloned().collect();
        sections.push(Section { heading: self.heading(chance, "perks"), paragraphs: self.terms(chance, brief), points: perks });
        let mut last = vec![chance.pick(&phrases.process).clone()];
        if chance.percent(60) {
            last.push(chance.pick(&phrases.closing).replace("{company}", &brief.company.name));
        }
        sections.push(Section { heading: String::new(), paragraphs: last, points: Vec::new() });
        if chance.percent(35) {
            sections.swap(0, 1);
        }
        sections
    }

    fn opening(&self, chance: &mut Chance, brief: &Brief<'_>) -> Section {
        let product = chance.pick(&brief.company.products);
        let intro = chance.pick(&brief.role.intro).replace("{product}", product).replace("{company}", &brief.company.name);
        let phrases = &self.catalogue.phrases;
        let place = match &brief.mode {
            DemoMode::Remote(limit) => chance.pick(&phrases.remote).replace("{limit}", limit),
            DemoMode::Hybrid => chance.pick(&phrases.hybrid).replace("{city}", &brief.place.city),
            DemoMode::OnSite => chance.pick(&phrases.onsite).replace("{city}", &brief.place.city),
        };
        let mut paragraphs = vec![intro, place];
        if brief.role.family != Family::Other {
            let count = 1 + usize::from(chance.percent(40));
            paragraphs.extend(chance.some(&phrases.team, count).into_iter().cloned());
        }
        Section { heading: String::new(), paragraphs, points: Vec::new() }
    }

    fn duties(&self, chance: &mut Chance, brief: &Brief<'_>) -> Vec<String> {
        let own = 3 + usize::from(chance.percent(50));
        let mut points: Vec<String> = chance.some(&brief.role.duties, own).into_iter().cloned().collect();
        if brief.role.family == Family::Backend {
            points.extend(chance.some(&self.catalogue.phrases.backend_duties, 2).into_iter().cloned());
        }
        let product = chance.pick(&brief.company.products);
        points.iter().map(|point| point.replace("{product}", product)).collect()
    }

    fn needs(&self, chance: &mut Chance, brief: &Brief<'_>) -> Vec<String> {
        let phrases = &self.catalogue.phrases;
        let mut points = Vec::new();
        if let Some(years) = phrases.years.get(&brief.level) {
            points.push(chance.pick(years).replace("{craft}", &brief.role.craft));
        }
        let own = 3 + usize::from(chance.percent(40));
        points.extend(chance.some(&brief.role.needs, own).into_iter().cloned());
        if brief.role.family == Family::Backend {
            points.push(chance.pick(&phrases.backend_needs).clone());
        }
        if brief.role.family != Family::Other {
            let entry = matches!(brief.level, Level::Intern | Level::Junior) && chance.percent(65);
            let ways = if entry { &phrases.education_entry } else { &phrases.education };
            points.extend(Some(chance.pick(ways).clone()).filter(|way| !way.is_empty()));
        }
        points
    }

    fn terms(&self, chance: &mut Chance, brief: &Brief<'_>) -> Vec<String> {
        let pay = brief.pay.as_ref().map(|pay| chance.pick(&self.catalogue.phrases.pay).replace("{pay}", &pay.text));
        let visa = (!brief.company.visa.is_empty() && chance.percent(50)).then(|| chance.pick(&brief.company.visa).clone());
        pay.into_iter().chain(visa).collect()
    }

    fn heading(&self, chance: &mut Chance, of: &str) -> String {
        self.catalogue.phrases.headings.get(of).map(|words| chance.pick(words).clone()).unwrap_or_default()
    }
}

/// Words of a limit of remote work that name countries, with their codes.
const COUNTRY_WORDS: [(&str, &str); 12] = [
    ("India", "IN"),
    ("US", "US"),
    ("United", "US"),
    ("UK", "GB"),
    ("Ireland", "IE"),
    ("Germany", "DE"),
    ("France", "FR"),
    ("Portugal", "PT"),
    ("Switzerland", "CH"),
    ("Poland", "PL"),
    ("Canada", "CA"),
    ("Brazil", "BR"),
];

/// Words that name a part of the world.
const REGION_WORDS: [(&str, Continent); 8] = [
    ("EMEA", Continent::Europe),
    ("EU", Continent::Europe),
    ("Europe", Continent::Europe),
    ("CET", Continent::Europe),
    ("APAC", Continent::Asia),
    ("America", Continent::America),
    ("Americas", Continent::America),
    ("LATAM", Continent::America),
];

/// Whether somebody in a place is within a limit of remote work; a limit that names nothing is worldwide.
fn fits(limit: &str, place: &Place) -> bool {
    let words: Vec<&str> = limit.split(|letter: char| !letter.is_alphanumeric()).collect();
    let countries: Vec<&str> = COUNTRY_WORDS.iter().filter(|(word, _)| words.contains(word)).map(|(_, iso)| *iso).collect();
    let regions: Vec<Continent> = REGION_WORDS.iter().filter(|(word, _)| words.contains(word)).map(|(_, region)| *region).collect();
    if countries.is_empty() && regions.is_empty() {
        return true;
    }
    countries.contains(&place.iso.as_str()) || regions.contains(&place.continent)
}

/// The place as a board spells it.
fn location(chance: &mut Chance, place: &Place, limit: Option<&str>) -> String {
    let spelled = chance.pick(&place.spellings);
    match limit {
        None => spelled.clone(),
        Some(limit) => match chance.below(4) {
            0 => format!("Remote ({limit})"),
            1 => format!("Remote, {limit}"),
            _ => format!("Remote - {limit}"),
        },
    }
}

/// A rate by the hour or day, or a B2B one, belongs to a contract.
fn contract(pay: &str) -> bool {
    ["an hour", "per day", "B2B"].iter().any(|word| pay.contains(word))
}

fn at<T>(list: &[T], number: u64) -> &T {
    let length = u64::try_from(list.len()).unwrap_or(1).max(1);
    &list[usize::try_from(number % length).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::fits;
    use crate::demo::catalogue::Catalogue;

    #[test]
    fn a_limit_of_remote_work_holds_only_places_that_it_names() {
        let world = Catalogue::embedded();
        let fit = |limit: &str, place: &str| fits(limit, &world.places[place]);
        assert!(fit("India only", "pune") && !fit("India only", "singapore"));
        assert!(fit("UK and Ireland only", "dublin") && fit("UK and Ireland only", "edinburgh") && !fit("UK only", "dublin"));
        assert!(fit("North America", "toronto") && !fit("US only", "toronto") && !fit("EMEA", "austin"));
        assert!(fit("Worldwide", "kochi"));
    }
}
